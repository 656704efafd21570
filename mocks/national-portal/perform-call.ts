import type { Answer, AnswerStyle } from "./answer.ts";
import type { CallLog } from "./call-log.ts";
import type { Dial } from "./dial.ts";
import type { Overlaps } from "./overlaps.ts";
import type { ServiceContext } from "./services.ts";
import type { Sessions } from "./sessions.ts";
import { type SpoiltFace, spoiled } from "./spoil.ts";

/** What every face of the portal works with: one state, one dial, one log, whichever words a caller uses. */
export interface FaceContext extends ServiceContext {
  readonly sessions: Sessions;
  readonly dial: Dial;
  readonly calls: CallLog;
  readonly overlaps: Overlaps;
}

/** One call at one face. */
export interface FaceCall {
  /** As the dial and the log name it. */
  readonly service: string;
  /** The dossier or procedure that it is about; `""`: several calls may run at once. */
  readonly subject: string;
  /** Calls about the same of these must come one at a time. */
  readonly inOrder: boolean;
  readonly answer: () => Answer | Promise<Answer>;
  /** The body of an answer in the words of this face. */
  readonly write: (answer: Answer, style: AnswerStyle) => string;
  readonly face: SpoiltFace;
}

/** One call under the dial: what it delays and spoils happens before or after the effect, as its rules say. */
const underDial = async (call: FaceCall, context: FaceContext): Promise<Response> => {
  const { settings, dial, sessions, calls } = context;
  const { delay, spoil, style } = dial.interfere(call.service);
  const log = { at: settings.now().toISOString(), service: call.service, subject: call.subject };
  if (delay?.taken === false) await settings.wait(delay.ms);
  if (spoil?.rule.fault === "session-expired") sessions.expireAll();
  if (spoil?.taken === false) {
    calls.record({ ...log, outcome: "", fault: spoil.rule.fault });
    if (delay?.taken === true) await settings.wait(delay.ms);
    return spoiled(spoil.rule, "", call.face);
  }
  const answer = await call.answer();
  calls.record({ ...log, outcome: answer.outcome, ...(spoil !== undefined && { fault: spoil.rule.fault }) });
  if (delay?.taken === true) await settings.wait(delay.ms);
  const text = call.write(answer, style);
  if (spoil !== undefined) return spoiled(spoil.rule, text, call.face);
  if (answer.bytes !== undefined)
    return new Response(answer.bytes(), { headers: { "content-type": "application/octet-stream" } });
  const headers = { "content-type": "application/json; charset=utf-8" };
  return new Response(text, { status: answer.status, headers });
};

/** Serves one call, and sees whether another about the same dossier ran meanwhile. */
export const performCall = async (call: FaceCall, context: FaceContext): Promise<Response> => {
  const leave = context.overlaps.enter(call.inOrder ? call.subject : "");
  try {
    return await underDial(call, context);
  } finally {
    leave();
  }
};
