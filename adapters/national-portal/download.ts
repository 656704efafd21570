import type { CallContext, HttpAnswer, Reading } from "../../contracts/adapter.ts";
import type { KeepBytes } from "../../contracts/fetching.ts";
import { done, maskReading } from "./client.ts";
import { type AnswerForm, readAnswer } from "./faults.ts";
import { mask } from "./masking.ts";

/** A file that is not there, or may not be had: asked again it would not be either. */
const GONE: ReadonlySet<number> = new Set([400, 404, 410]);

/** What a file is asked for with. */
export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly evidence: string;
  /** How an answer is written that is no file. */
  readonly form?: AnswerForm;
  /** Hidden in what is kept of an answer. */
  readonly secrets: readonly string[];
}

/** A file that will not be had. */
export const noFile = (code: "not_found" | "forbidden" | "payload_too_large", message: string): Reading<never> => ({
  ok: false,
  fault: { outcome: "refused", code, message },
});

/** Pages and messages come with status 200 too, where a gateway in between answers in the portal's place. */
const isFile = ({ status, headers }: Pick<HttpAnswer, "status" | "headers">): boolean =>
  status === 200 && !/^(?:text\/html|application\/(?:problem\+)?json)\b/iu.test(headers["content-type"] ?? "");

/** An answer that is no file: what it says, never a success. */
const readNoFile = (answer: HttpAnswer, now: Date, { form }: Download): Reading<null> => {
  if (GONE.has(answer.status)) return noFile("not_found", `HTTP ${answer.status}: the portal has no such file`);
  const reading = readAnswer(answer, { kind: "read", now, ...(form && { form }) });
  if (!reading.ok) return reading;
  const message = "A message came in the place of the file";
  return { ok: false, fault: { outcome: "transient", code: "upstream_malformed", message } };
};

/** Downloads one file; its bytes go to `keep` as they come. */
export const downloadFile = (file: Download, keep: KeepBytes, call: CallContext): Promise<Reading<null>> => {
  let kept: boolean | undefined;
  return call.attempt<null>({
    kind: "read",
    request: {
      method: "GET",
      url: file.url,
      headers: { Accept: "*/*", "X-Correlation-Id": call.correlationId, ...file.headers },
      receive: (head) =>
        isFile(head)
          ? async (bytes) => {
              kept = await keep(bytes);
            }
          : null,
    },
    evidence: file.evidence,
    answerEvidence: (text) => mask(text, ...file.secrets),
    read: (answer) => {
      if (kept === true) return done();
      if (kept === false) return noFile("payload_too_large", "The file is larger than FILE_MAX_BYTES");
      return maskReading(readNoFile(answer, call.now(), file), ...file.secrets);
    },
  });
};
