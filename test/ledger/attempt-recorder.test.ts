import { expect, test } from "vitest";
import type { AttemptKind, HttpAnswer, Transport, WireCall } from "../../contracts/adapter.ts";
import { TransportError, type TransportReason } from "../../contracts/adapter.ts";
import { createAttemptRecorder, MAX_ANSWER_BYTES, MAX_EVIDENCE_CHARACTERS } from "../../src/ledger/attempt-recorder.ts";
import { withDeadline } from "../../src/resilience/deadline.ts";

const ANSWER: HttpAnswer = { status: 200, headers: {}, body: "fine", overlong: false };
const KINDS = ["send", "probe", "login", "read"] as const;

const callOf = (kind: AttemptKind, parts: Partial<WireCall<string>> = {}): WireCall<string> => ({
  kind,
  request: { method: "POST", url: "http://portal.invalid/", headers: {}, body: "with the session" },
  evidence: "without it",
  read: (answer) => ({ ok: true, value: answer.body }),
  ...parts,
});

/** A recorder whose clock goes on by 7 ms with every look. */
const recorderOver = (transport: Transport, signal = new AbortController().signal) => {
  let clock = Date.parse("2026-11-20T08:00:00Z") - 7;
  const now = () => {
    clock += 7;
    return new Date(clock);
  };
  return createAttemptRecorder({ transport, now, signal });
};

const failing = (reason: TransportReason, sent: boolean): Transport => {
  const error = new TransportError(reason, sent);
  return () => Promise.reject(error);
};

test("an answer that reads well is a delivered attempt with its evidence", async () => {
  const recorder = recorderOver(() => Promise.resolve(ANSWER));
  expect(await recorder.attempt(callOf("send"))).toEqual({ ok: true, value: "fine" });
  expect(recorder.records).toEqual([
    {
      kind: "send",
      startedAt: new Date("2026-11-20T08:00:00Z"),
      durationMs: 7,
      outcome: "delivered",
      httpStatus: 200,
      request: "without it",
      response: "fine",
    },
  ]);
});

test("a fault of the answer is recorded as its reader named it", async () => {
  const recorder = recorderOver(() => Promise.resolve({ ...ANSWER, status: 422 }));
  const fault = { outcome: "refused", code: "upstream_rejected", platformCode: "3", message: "no" } as const;
  expect(await recorder.attempt(callOf("send", { read: () => ({ ok: false, fault }) }))).toEqual({ ok: false, fault });
  expect(recorder.records[0]).toMatchObject({
    outcome: "refused",
    errorCode: "upstream_rejected",
    platformCode: "3",
    message: "no",
    httpStatus: 422,
  });
});

test("a failure before the first byte is certainly without effect, whatever was to be sent", async () => {
  for (const kind of KINDS) {
    const recorder = recorderOver(failing("connect", false));
    const fault = { outcome: "transient", code: "upstream_unavailable" };
    expect(await recorder.attempt(callOf(kind))).toMatchObject({ ok: false, fault });
    expect(recorder.records[0]).toMatchObject({ kind, outcome: "transient", request: "without it", response: "" });
    expect(recorder.records[0]).not.toHaveProperty("httpStatus");
  }
});

test("a failure after sending leaves a message's outcome unknown; a login, a look-up and a probe have no effect", async () => {
  for (const kind of KINDS) {
    const recorder = recorderOver(failing("reset", true));
    const outcome = kind === "send" ? "unknown" : "transient";
    const fault = { outcome, code: "upstream_unavailable" };
    expect(await recorder.attempt(callOf(kind))).toMatchObject({ ok: false, fault });
    expect(recorder.records[0]).toMatchObject({ kind, outcome, errorCode: "upstream_unavailable" });
  }
});

test("a platform that was reached and did not answer in time timed out; one never reached is unavailable", async () => {
  const slow = recorderOver(failing("timeout", true));
  expect(await slow.attempt(callOf("send"))).toMatchObject({ fault: { code: "upstream_timeout", outcome: "unknown" } });
  const unreached = recorderOver(failing("timeout", false));
  const fault = { code: "upstream_unavailable", outcome: "transient" };
  expect(await unreached.attempt(callOf("send"))).toMatchObject({ fault });
});

test("an answer that cannot be read is malformed, never a crash", async () => {
  for (const kind of KINDS) {
    const recorder = recorderOver(() => Promise.resolve(ANSWER));
    const read = () => {
      throw new TypeError("a bug of ours");
    };
    const outcome = kind === "send" ? "unknown" : "transient";
    const fault = { outcome, code: "upstream_malformed" };
    expect(await recorder.attempt(callOf(kind, { read }))).toMatchObject({ ok: false, fault });
    expect(recorder.records[0]).toMatchObject({ outcome, errorCode: "upstream_malformed", response: "fine" });
  }
});

test("an answer whose evidence cannot be cleaned is kept out of the record, and its message counts as sent", async () => {
  const recorder = recorderOver(() => Promise.resolve({ ...ANSWER, body: "the session is s3" }));
  const answerEvidence = () => {
    throw new TypeError("a bug of ours");
  };
  expect(await recorder.attempt(callOf("send", { answerEvidence }))).toEqual({ ok: true, value: "the session is s3" });
  expect(recorder.records).toHaveLength(1);
  expect(recorder.records[0]?.response).not.toContain("s3");
});

test("a transport that breaks its word is a failure of ours with an unknown outcome", async () => {
  const recorder = recorderOver(() => Promise.reject(new RangeError("surprise")));
  const reading = await recorder.attempt(callOf("send"));
  expect(reading).toMatchObject({ ok: false, fault: { outcome: "unknown", code: "internal" } });
});

test("evidence is cut at its limit and says how long it was", async () => {
  const body = "x".repeat(MAX_EVIDENCE_CHARACTERS + 1);
  const recorder = recorderOver(() => Promise.resolve({ ...ANSWER, body }));
  await recorder.attempt(callOf("send", { evidence: "y".repeat(MAX_EVIDENCE_CHARACTERS) }));
  const record = recorder.records[0];
  expect(record?.request).toBe("y".repeat(MAX_EVIDENCE_CHARACTERS));
  expect(record?.response).toBe(`${"x".repeat(MAX_EVIDENCE_CHARACTERS)}…[${MAX_EVIDENCE_CHARACTERS + 1} characters]`);
});

test("an answer's secrets are taken out before it is recorded, and the transport is told where to stop reading", async () => {
  let limit = 0;
  const recorder = recorderOver((_request, { maxAnswerBytes }) => {
    limit = maxAnswerBytes;
    return Promise.resolve({ ...ANSWER, body: "the session is s3" });
  });
  await recorder.attempt(callOf("login", { answerEvidence: (body) => body.replace("s3", "***") }));
  expect(recorder.records[0]?.response).toBe("the session is ***");
  expect(limit).toBe(MAX_ANSWER_BYTES);
});

test("the deadline of one request and the stop of the process both end a call", async () => {
  const hanging: Transport = (_request, { signal }) =>
    new Promise((_resolve, reject) => {
      const fail = () => {
        const timedOut = (signal.reason as Error).name === "TimeoutError";
        reject(new TransportError(timedOut ? "timeout" : "cancelled", true));
      };
      if (signal.aborted) fail();
      else signal.addEventListener("abort", fail);
    });
  const late = recorderOver(withDeadline(hanging, 20));
  expect(await late.attempt(callOf("send"))).toMatchObject({ fault: { code: "upstream_timeout" } });
  const stopped = recorderOver(withDeadline(hanging, 1000), AbortSignal.abort());
  expect(await stopped.attempt(callOf("send"))).toMatchObject({ fault: { outcome: "unknown" } });
});

test("attempts are kept in the order they were made", async () => {
  const recorder = recorderOver(() => Promise.resolve(ANSWER));
  for (const kind of KINDS) await recorder.attempt(callOf(kind));
  expect(recorder.records.map(({ kind }) => kind)).toEqual(KINDS);
});
