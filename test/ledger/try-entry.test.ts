import { expect, test } from "vitest";
import type { Adapter, CallContext, Message, Outcome, WireCall } from "../../contracts/adapter.ts";
import type { ClaimedEntry, OpenMessage } from "../../contracts/ledger.ts";
import { tryEntry } from "../../src/ledger/try-entry.ts";
import { FAULT } from "./ledger-scene.ts";

const ENTRY: ClaimedEntry = {
  id: "1",
  fence: 1,
  operation: "dossier.put",
  dossierCode: "A",
  correlationId: "the-correlation",
  payload: new Uint8Array(),
  known: true,
  unknownOutcome: true,
  tries: 2,
  attempts: 5,
  ageSeconds: 0,
};

const MESSAGE = { operation: "dossier.status", dossierCode: "A" } as Message;

const SEND: WireCall<null> = {
  kind: "send",
  request: { method: "POST", url: "http://portal.invalid/", headers: {} },
  evidence: "the message",
  read: () => ({ ok: true, value: null }),
};

const tryWith = (
  perform: (message: Message, call: CallContext) => Promise<Outcome>,
  openMessage: OpenMessage = () => MESSAGE,
) => {
  const adapter: Adapter = {
    platform: "national-portal",
    profile: "test",
    operations: {},
    publicFields: new Set(),
    check: () => [],
    perform,
  };
  const dependencies = {
    adapter,
    transport: () => Promise.resolve({ status: 200, headers: {}, body: "{}", overlong: false }),
    cache: { get: () => Promise.resolve(null), put: () => Promise.resolve() },
    openMessage,
    now: () => new Date("2026-11-20T08:00:00Z"),
    random: () => 0.5,
    backOff: { baseMs: 100, maxMs: 1000 },
  };
  return tryEntry(ENTRY, dependencies, new AbortController().signal);
};

test("the adapter is given the opened message and what it needs to call, and its attempts come back with the outcome", async () => {
  const settlement = await tryWith(async (message, call) => {
    expect(message).toBe(MESSAGE);
    expect(call.correlationId).toBe("the-correlation");
    await call.attempt(SEND);
    return { delivered: true };
  });
  expect(settlement).toMatchObject({ entry: ENTRY, next: { state: "delivered" } });
  expect(settlement.attempts).toMatchObject([{ kind: "send", outcome: "delivered", request: "the message" }]);
});

test("a transient outcome waits by the entry's own count of tries", async () => {
  const settlement = await tryWith(() => Promise.resolve({ delivered: false, fault: FAULT.transient }));
  expect(settlement.next).toEqual({ state: "waiting", fault: FAULT.transient, delayMs: 200 });
});

test("a payload that cannot be opened neither fails nor is lost: it waits, with nothing sent", async () => {
  const settlement = await tryWith(
    () => Promise.reject(new Error("never reached")),
    () => {
      throw new TypeError("sealed under a key that is gone: Trần Thị Ví Dụ");
    },
  );
  expect(settlement.attempts).toEqual([]);
  expect(settlement.next).toMatchObject({ state: "waiting", fault: { code: "internal", outcome: "transient" } });
  expect(JSON.stringify(settlement.next)).not.toContain("Trần");
});

test("a bug in an adapter before anything was sent is certainly without effect", async () => {
  const settlement = await tryWith(async (_message, call) => {
    await call.attempt({ ...SEND, kind: "read" });
    throw new TypeError("a bug");
  });
  expect(settlement.next).toMatchObject({ state: "waiting", fault: { code: "internal", outcome: "transient" } });
  expect(settlement.attempts).toHaveLength(1);
});

test("a bug in an adapter after a message was sent leaves its outcome unknown", async () => {
  const settlement = await tryWith(async (_message, call) => {
    await call.attempt(SEND);
    throw new TypeError("a bug");
  });
  expect(settlement.next).toMatchObject({ state: "waiting", fault: { code: "internal", outcome: "unknown" } });
  expect(settlement.attempts).toMatchObject([{ kind: "send", outcome: "delivered" }]);
});
