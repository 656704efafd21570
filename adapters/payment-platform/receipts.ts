import type { CallContext, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import type { KeepBytes } from "../../contracts/fetching.ts";
import { malformed, readJsonAnswer, rejected } from "../../contracts/payments/json-answer.ts";
import { wireText } from "../../contracts/payments/wire-rows.ts";
import { toWireTime } from "../../contracts/payments/wire-values.ts";
import type { PaymentReceipt, PaymentTransaction } from "../../contracts/payments.ts";
import { SUCCESS } from "../../contracts/platforms/payment-platform/wire.ts";
import { type PaymentPlatformConfig, placeOf, type ReceiptPlaces } from "./config.ts";
import { toPrintReceipt, toQuestion, toReceipt, unwrapped } from "./map.ts";

/** A receipt is a page or two: what comes as the body of an answer is kept in memory. */
const MAX_RECEIPT_BYTES = 5 * 1024 * 1024;

const PDF = "%PDF";

const refused = (code: "forbidden" | "not_found" | "payload_too_large", message: string): Reading<never> => ({
  ok: false,
  fault: { outcome: "refused", code, message },
});

/** The times to ask by, in their order, none twice. */
const timesOf = ({ profile }: PaymentPlatformConfig, transaction: PaymentTransaction): readonly string[] => {
  const times = { created: toWireTime(transaction.createdAt), confirmed: transaction.platformTime ?? "" };
  return [...new Set(profile.receiptTimes.map((which) => times[which]).filter(Boolean))];
};

/** Pages and messages come with status 200 too. */
const isFile = ({ status, headers }: Pick<HttpAnswer, "status" | "headers">): boolean =>
  status === 200 && !/^(?:text\/|application\/(?:problem\+)?json)/iu.test(headers["content-type"] ?? "");

const toBase64 = (chunks: readonly Uint8Array[]): string =>
  btoa(chunks.map((chunk) => Array.from(chunk, (byte) => String.fromCharCode(byte)).join("")).join(""));

const toText = (chunks: readonly Uint8Array[]): string => {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
};

/** Gathers a body that may be a receipt. @returns null: it is too large */
const gather = async (bytes: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[] | null> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > MAX_RECEIPT_BYTES) return null;
    chunks.push(chunk);
  }
  return chunks;
};

const beginsAsPdf = (chunks: readonly Uint8Array[]): boolean =>
  atob(toBase64(chunks.map((chunk) => chunk.subarray(0, PDF.length)))).startsWith(PDF);

const readAnswer = (answer: HttpAnswer, now: Date): Reading<PaymentReceipt | null> => {
  // What a bank calls "not there yet" by HTTP is no trouble.
  if (answer.status === 404) return { ok: true, value: null };
  const reading = readJsonAnswer(answer, "read", now);
  if (!reading.ok) return reading;
  const row = unwrapped(reading.value);
  if (row === undefined) return malformed("read", "The envelope holds no JSON object");
  const code = wireText(row, "MaLoi");
  // The portal's own form names its link and no code (payment section 1.8).
  if (code !== "" && code !== SUCCESS) return rejected(code, wireText(row, "MoTaLoi"));
  return { ok: true, value: toReceipt(row) };
};

const ask = (url: string, body: string, config: PaymentPlatformConfig, call: CallContext) => {
  let chunks: readonly Uint8Array[] | null | undefined;
  return call.attempt<PaymentReceipt | null>({
    kind: "read",
    request: {
      method: "POST",
      url,
      headers: {
        accept: "application/json, application/pdf",
        "content-type": "application/json",
        ...(config.authorization !== undefined && { authorization: config.authorization }),
      },
      body,
      receive: (head) =>
        isFile(head)
          ? async (bytes) => {
              chunks = await gather(bytes);
            }
          : null,
    },
    evidence: body,
    read: (answer) => {
      if (chunks === null) return refused("payload_too_large", "The receipt is larger than 5 MiB");
      if (chunks === undefined) return readAnswer(answer, call.now());
      // Not everybody names the type of what is JSON.
      if (!beginsAsPdf(chunks)) return readAnswer({ ...answer, body: toText(chunks) }, call.now());
      return { ok: true, value: { form: "bytes", base64: toBase64(chunks), type: "application/pdf" } };
    },
  });
};

/** "No such transaction" to one of its times says that there is none by that time. */
const asNone = (reading: Reading<PaymentReceipt | null>, { unknownCodes }: PaymentPlatformConfig): typeof reading => {
  const code = reading.ok ? undefined : reading.fault.platformCode;
  return code !== undefined && unknownCodes.has(code) ? { ok: true, value: null } : reading;
};

/** Asks for the receipt of a transaction by each of its times, until one finds it. */
export const findReceipt = async (
  url: string,
  transaction: PaymentTransaction,
  config: PaymentPlatformConfig,
  call: CallContext,
): Promise<Reading<PaymentReceipt | null>> => {
  let found: Reading<PaymentReceipt | null> | undefined;
  for (const time of timesOf(config, transaction)) {
    const named = { reference: transaction.reference, time };
    const isBank = config.profile.receiptMode === "print-receipt";
    const body = isBank ? await toPrintReceipt(named, config) : await toQuestion("GET_BILL", named, config);
    const reading = asNone(await ask(url, JSON.stringify(body), config, call), config);
    if (reading.ok ? reading.value !== null : reading.fault.outcome !== "refused") return reading;
    // That there is none yet outweighs a refusal of the other time.
    if (found === undefined || reading.ok) found = reading;
  }
  return found ?? { ok: true, value: null };
};

const rewritten = (url: string, { rewrite }: ReceiptPlaces): string =>
  rewrite !== undefined && url.startsWith(rewrite.from) ? rewrite.to + url.slice(rewrite.from.length) : url;

/** The address to follow, or null: links are followed to places of the settings alone (api section 6). */
const followed = (link: string, places: ReceiptPlaces): URL | null => {
  const text = rewritten(link, places);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/u.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  return places.hosts.has(placeOf(url)) ? url : null;
};

/** Joins the pieces until what they begin with can be told. @returns null: it is no PDF */
const onlyPdf = async (bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | null> => {
  const iterator = bytes[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size < PDF.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    head.push(next.value);
    size += next.value.length;
  }
  if (!beginsAsPdf(head)) {
    await iterator.return?.();
    return null;
  }
  return (async function* whole() {
    yield* head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  })();
};

/** Downloads a receipt's link; only a PDF is kept. */
export const downloadReceipt = (
  link: string,
  keep: KeepBytes,
  places: ReceiptPlaces,
  call: CallContext,
): Promise<Reading<null>> => {
  const url = followed(link, places);
  if (url === null)
    return Promise.resolve(refused("forbidden", "The receipt's link leads to a place not in the settings"));
  let kept: boolean | null | undefined;
  return call.attempt<null>({
    kind: "read",
    request: {
      method: "GET",
      url: url.href,
      headers: { accept: "application/pdf" },
      receive: (head) =>
        isFile(head)
          ? async (bytes) => {
              const pdf = await onlyPdf(bytes);
              kept = pdf === null ? null : await keep(pdf);
            }
          : null,
    },
    evidence: "",
    answerEvidence: () => "",
    read: (answer) => {
      if (kept === true) return { ok: true, value: null };
      if (kept === false) return refused("payload_too_large", "The receipt is larger than what is kept");
      if (answer.status === 404 || answer.status === 410) return refused("not_found", `HTTP ${answer.status}`);
      const reading = readJsonAnswer(answer, "read", call.now());
      return kept === null || reading.ok
        ? malformed("read", "What came in the place of the receipt is no PDF")
        : reading;
    },
  });
};
