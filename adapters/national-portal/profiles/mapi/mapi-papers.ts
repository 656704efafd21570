import type { Adapter, CallContext, Fault, HttpAnswer, HttpRequest, Reading } from "../../../../contracts/adapter.ts";
import type { ErrorCode } from "../../../../contracts/errors.ts";
import type { KeepBytes } from "../../../../contracts/fetching.ts";
import type { PersonalPaper } from "../../../../contracts/papers.ts";
import { PAPERS_LOGIN_PATH } from "../../../../contracts/platforms/national-portal/personal-papers.ts";
import type { LoginRequest } from "../../../../contracts/platforms/national-portal/wire.ts";
import { done } from "../../client.ts";
import type { MapiConfig } from "../../config.ts";
import { noFile } from "../../download.ts";
import { type AnswerForm, field, isObject, malformed, readAnswer, refusedLogin } from "../../faults.ts";
import { toListRequest, toPapers } from "../../map-papers.ts";
import { inSession, keepSession, type Login, type Session } from "../../session.ts";
import { readBase64Text } from "./base64-text.ts";
import { addressOf, headersOf } from "./mapi-client.ts";
import type { PapersConfig } from "./papers-config.ts";

/** `errorCode` in camel case (np 2.5); the portal's door in front of the store may say `error_code` as elsewhere. */
const PAPERS_ANSWER: AnswerForm = {
  codeName: "errorCode",
  success: /^0+$/u,
  codesAreStatuses: false,
  doors: { 401: "session", 403: "session", words: true },
  unwrap: (value) => {
    if (!isObject(value)) return undefined;
    return field(value, "errorCode") === undefined ? { ...value, errorCode: field(value, "error_code") } : value;
  },
};

/** What may be said of a fault: never the store's own words, which may name people. */
const SAID: Readonly<Partial<Record<ErrorCode, string>>> = {
  upstream_rejected: "The store of papers refused the question",
  upstream_malformed: "The answer of the store of papers cannot be read",
  upstream_unavailable: "The store of papers is not available",
  upstream_timeout: "The store of papers did not answer in time",
};

const quiet = <T>(reading: Reading<T>): Reading<T> => {
  if (reading.ok) return reading;
  const { fault } = reading;
  return { ok: false, fault: { ...fault, message: SAID[fault.code] ?? fault.code } satisfies Fault };
};

const read = (answer: HttpAnswer, now: Date) => readAnswer(answer, { kind: "read", now, form: PAPERS_ANSWER });

const readLogin = (answer: HttpAnswer, now: Date): Reading<Login> => {
  const reading = readAnswer(answer, { kind: "login", now, form: PAPERS_ANSWER });
  if (!reading.ok) {
    const { fault } = reading;
    const isTurnedAway = fault.outcome === "refused" || fault.sessionDied === true;
    return isTurnedAway ? { ok: false, fault: refusedLogin({ ...fault, message: "" }) } : quiet(reading);
  }
  const session = field(reading.value, "session");
  return typeof session === "string" && session !== ""
    ? { ok: true, value: { token: session } }
    : malformed("The login answer of the store of papers says success and holds no session");
};

/** Nothing is held: told by HTTP 404, with a code of the store's own. A page in its place says that the path is wrong. */
const isNothing = (answer: HttpAnswer, reading: Reading<unknown>): boolean =>
  answer.status === 404 && !reading.ok && reading.fault.outcome === "refused";

const MOST_WORDS = 64 * 1024;

/** What came in the place of a file, as text, and no more of it than a message has. */
const wordsOf = async (pieces: AsyncIterable<Uint8Array>): Promise<string> => {
  let words = "";
  for await (const piece of pieces) {
    words += Buffer.from(piece).toString("utf8");
    if (words.length > MOST_WORDS) break;
  }
  return words;
};

/** The pieces again, behind the first that is more than space, which says what they are. */
const peeked = async (pieces: AsyncIterable<Uint8Array>) => {
  const iterator = pieces[Symbol.asyncIterator]();
  let head = await iterator.next();
  while (head.done !== true && Buffer.from(head.value).toString("latin1").trim() === "") head = await iterator.next();
  const first = head.done === true ? "" : Buffer.from(head.value).toString("latin1").trimStart().charAt(0);
  async function* again(): AsyncGenerator<Uint8Array> {
    try {
      for (let next = head; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { first, pieces: again() };
};

/** What became of the bytes of an answer. */
type Taken = { readonly as: "kept" | "too-large" | "unreadable" } | { readonly as: "words"; readonly words: string };

const take = async (given: AsyncIterable<Uint8Array>, keep: KeepBytes): Promise<Taken> => {
  const { first, pieces } = await peeked(given);
  if (first !== '"') return { as: "words", words: await wordsOf(pieces) };
  const text = readBase64Text(pieces);
  try {
    return { as: (await keep(text.bytes)) ? "kept" : "too-large" };
  } catch (error) {
    if (text.isUnreadable()) return { as: "unreadable" };
    throw error;
  }
};

const readFile = (answer: HttpAnswer, taken: Taken | undefined, now: Date): Reading<null> => {
  if (taken?.as === "kept") return done();
  if (taken?.as === "too-large") return noFile("payload_too_large", "The file is larger than FILE_MAX_BYTES");
  if (taken?.as === "unreadable") return malformed("The file of the paper is no base64");
  const said = taken?.as === "words" ? { ...answer, body: taken.words } : answer;
  const reading = read(said, now);
  if (isNothing(said, reading)) return noFile("not_found", "The store of papers has no such file");
  return reading.ok ? malformed("A message came in the place of the file") : quiet(reading);
};

/**
 * The national store of personal papers behind the portal's door (np 2.5), with a session of its own. Nothing of a question or an
 * answer is kept as evidence.
 */
export const openMapiPapers = (config: MapiConfig, papers: PapersConfig): NonNullable<Adapter["papers"]> => {
  const at = (path: string): string => {
    const address = addressOf(config, path);
    return `${address}${address.includes("?") ? "&" : "?"}providerurl=${encodeURIComponent(papers.providerUrl)}`;
  };
  const [loginUrl, listUrl, fileUrl] = [at(PAPERS_LOGIN_PATH), at(papers.listPath), at(papers.filePath)];
  const post = (url: string, body: unknown, call: CallContext): HttpRequest => ({
    method: "POST",
    url,
    headers: headersOf(config, call),
    body: JSON.stringify(body),
  });
  const unkept = () => "";

  const keeper = keepSession((call) => {
    const { username, password } = papers;
    return call.attempt({
      kind: "login",
      request: post(loginUrl, { username, password } satisfies LoginRequest, call),
      evidence: "papers: login",
      answerEvidence: unkept,
      read: (answer) => readLogin(answer, call.now()),
    });
  });

  return {
    find: (query, purpose, call) => {
      const request = toListRequest(query, purpose);
      const attempt = ({ token }: Session): Promise<Reading<readonly PersonalPaper[]>> =>
        call.attempt({
          kind: "read",
          request: post(listUrl, { session: token, ...request }, call),
          evidence: "papers: list",
          answerEvidence: unkept,
          read: (answer) => {
            const reading = read(answer, call.now());
            if (isNothing(answer, reading)) return { ok: true, value: [] };
            return reading.ok ? toPapers(reading.value, query) : quiet(reading);
          },
        });
      return inSession(keeper, call, attempt);
    },
    fetch: ({ agency, path }, keep, call) => {
      const attempt = ({ token }: Session): Promise<Reading<null>> => {
        let taken: Taken | undefined;
        const request = post(fileUrl, { session: token, CoQuanChuQuan: agency, DuongDan: path }, call);
        return call.attempt<null>({
          kind: "read",
          request: {
            ...request,
            receive: ({ status, headers }) =>
              status === 200 && !/^text\/html\b/iu.test(headers["content-type"] ?? "")
                ? async (bytes) => {
                    taken = await take(bytes, keep);
                  }
                : null,
          },
          evidence: "papers: file",
          answerEvidence: unkept,
          read: (answer) => readFile(answer, taken, call.now()),
        });
      };
      return inSession(keeper, call, attempt);
    },
  };
};
