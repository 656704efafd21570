import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Fault, TransportError } from "../../contracts/adapter.ts";
import { createAttemptRecorder } from "../../src/ledger/attempt-recorder.ts";
import { AWAY, type GuardScene, openGuardScene } from "./guard-scene.ts";

let scene: GuardScene;

beforeEach(async () => {
  scene = await openGuardScene();
});
afterEach(() => scene.close());

test("one process sees the platform fail, and no process claims any more", async () => {
  const [one, other] = [scene.asProcess("one"), scene.asProcess("other")];
  await scene.acceptMany(3);
  await one.call(20, AWAY);
  expect(await one.claim(8)).toEqual([]);
  other.forgetFacts();
  expect(await other.claim(8)).toEqual([]);
  expect(await scene.states()).toEqual([{ state: "queued", attempts: 0, count: 3 }]);
  expect((await scene.facts()).openedAt).not.toBeNull();
  expect([one.changes, other.changes]).toEqual([["opened"], []]);
});

test("both processes trip at once: it opens once, by the first, and its time does not move", async () => {
  const [one, other] = [scene.asProcess("one"), scene.asProcess("other")];
  await Promise.all([one.call(20, AWAY), other.call(20, AWAY)]);
  await one.claim(1);
  const { openedAt } = await scene.facts();
  await other.claim(1);
  expect((await scene.facts()).openedAt).toBe(openedAt);
  expect([...one.changes, ...other.changes]).toEqual(["opened"]);
});

test("fewer than 20 calls never open it, and neither does half of them failing less than the threshold", async () => {
  const one = scene.asProcess("one");
  await scene.acceptMany(1);
  await one.call(19, AWAY);
  expect(await one.claim(1)).toHaveLength(1);
  const other = scene.asProcess("other");
  await other.call(21);
  await other.call(20, AWAY);
  await other.claim(1);
  expect((await scene.facts()).openedAt).toBeNull();
  await other.call(1, AWAY);
  await other.claim(1);
  expect((await scene.facts()).openedAt).not.toBeNull();
});

const INNOCENT: readonly [string, Fault][] = [
  ["refusals", { outcome: "refused", code: "upstream_rejected", message: "no" }],
  ["sessions that died", { outcome: "transient", code: "upstream_rejected", message: "session", sessionDied: true }],
  ["our own failures", { outcome: "transient", code: "internal", message: "bug" }],
];

test.for(INNOCENT)("any number of %s leaves it closed", async ([, fault]) => {
  const one = scene.asProcess("one");
  await one.call(200, fault);
  await one.claim(1);
  expect((await scene.facts()).openedAt).toBeNull();
});

test("neither a full bulkhead nor the end of the process counts against the platform", async () => {
  const one = scene.asProcess("one", { concurrency: 1 });
  const signals: AbortSignal[] = [];
  const transport = one.transport((_request, { signal }) => {
    signals.push(signal);
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new TransportError("cancelled", true)));
    });
  });
  const stop = new AbortController();
  const surroundings = { transport, now: () => new Date(), signal: stop.signal };
  const callers = Array.from({ length: 30 }, () => one.callBy(1, createAttemptRecorder(surroundings).attempt));
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  stop.abort();
  await Promise.all(callers);
  await one.claim(1);
  expect((await scene.facts()).openedAt).toBeNull();
  // The same calls, refused by the platform, do count.
  const refused = one.transport(() => Promise.reject(new TransportError("connect", false)));
  const recorder = createAttemptRecorder({ ...surroundings, transport: refused, signal: new AbortController().signal });
  await one.callBy(20, recorder.attempt);
  await one.claim(1);
  expect((await scene.facts()).openedAt).not.toBeNull();
});

/** Opens the breaker of both processes, and lets its time pass. */
const halfOpened = async () => {
  const [one, other] = [scene.asProcess("one"), scene.asProcess("other")];
  await scene.acceptMany(4);
  await one.call(20, AWAY);
  await one.claim(8);
  await scene.letPass(10);
  one.forgetFacts();
  other.forgetFacts();
  return { one, other };
};

test("when its time has passed one entry is tried over all processes; success closes it for all", async () => {
  const { one, other } = await halfOpened();
  const claims = await Promise.all([one.claim(8), other.claim(8)]);
  expect(claims.map((claimed) => claimed.length).sort()).toEqual([0, 1]);
  const prober = claims[0].length === 1 ? one : other;
  const bystander = prober === one ? other : one;
  for (let look = 0; look < 3; look += 1) {
    bystander.forgetFacts();
    expect(await bystander.claim(8)).toEqual([]);
  }
  const [entry] = claims.flat();
  if (entry === undefined) throw new Error("nobody tried");
  await prober.settle([await prober.attemptEntry(entry, "delivered")]);
  expect(await prober.claim(1)).toHaveLength(1);
  bystander.forgetFacts();
  expect(await bystander.claim(8)).toHaveLength(2);
  expect([...one.changes, ...other.changes].sort()).toEqual(["closed", "opened"]);
});

test("a failed try opens it anew, and its entry is due again without waiting", async () => {
  const { one, other } = await halfOpened();
  const [entry] = await one.claim(8);
  if (entry === undefined) throw new Error("nobody tried");
  await one.settle([await one.attemptEntry(entry, "transient")]);
  expect(await one.claim(8)).toEqual([]);
  const { openedAt, now, tryUntil } = await scene.facts();
  expect(now - (openedAt ?? 0)).toBeLessThan(5000);
  expect(tryUntil).toBeNull();
  other.forgetFacts();
  expect(await other.claim(8)).toEqual([]);
  const { dueIn } = await scene.read(entry.id);
  expect(dueIn).toBeLessThanOrEqual(0);
  expect([...one.changes, ...other.changes]).toEqual(["opened"]);
});

test("a refusal is an answer: it closes a half-open breaker", async () => {
  const { one } = await halfOpened();
  const [entry] = await one.claim(8);
  if (entry === undefined) throw new Error("nobody tried");
  await one.attemptEntry(entry, "refused");
  expect(await one.claim(8)).toHaveLength(3);
});

test("a process that dies with the try blocks nobody for longer than its lease", async () => {
  const { one, other } = await halfOpened();
  expect(await one.claim(8)).toHaveLength(1);
  other.forgetFacts();
  expect(await other.claim(8)).toEqual([]);
  await scene.letPass(4);
  other.forgetFacts();
  expect(await other.claim(8)).toHaveLength(1);
});

test("a try that comes back after its lease changes nothing", async () => {
  const { one, other } = await halfOpened();
  const [late] = await one.claim(8);
  await scene.letPass(4);
  other.forgetFacts();
  expect(await other.claim(8)).toHaveLength(1);
  if (late === undefined) throw new Error("nobody tried");
  await one.attemptEntry(late, "delivered");
  expect(await one.claim(8)).toEqual([]);
  expect((await scene.facts()).openedAt).not.toBeNull();
  expect(one.changes).toEqual(["opened"]);
});

test("nothing due takes no try: the next entry that comes makes it", async () => {
  const one = scene.asProcess("one");
  await one.call(20, AWAY);
  await one.claim(1);
  await scene.letPass(10);
  one.forgetFacts();
  expect(await one.claim(8)).toEqual([]);
  expect((await scene.facts()).tryUntil).toBeNull();
  await scene.acceptMany(1);
  expect(await one.claim(8)).toHaveLength(1);
});

test("what failed before it opened counts no longer after it closed, in any process", async () => {
  const [one, other] = [scene.asProcess("one"), scene.asProcess("other")];
  await scene.acceptMany(1);
  await other.claim(0);
  await other.call(19, AWAY);
  await one.call(20, AWAY);
  await one.claim(8);
  await scene.letPass(10);
  for (const each of [one, other]) each.forgetFacts();
  await other.claim(0);
  const [entry] = await one.claim(8);
  if (entry === undefined) throw new Error("nobody tried");
  await one.attemptEntry(entry, "delivered");
  await one.claim(8);
  other.forgetFacts();
  await other.claim(8);
  await other.call(1, AWAY);
  await other.claim(8);
  expect((await scene.facts()).openedAt).toBeNull();
});

test("the last good call is noted, once in a while", async () => {
  const one = scene.asProcess("one");
  await one.call(1);
  await one.claim(1);
  const { lastGoodAt } = await scene.facts();
  expect(lastGoodAt).not.toBeNull();
  await one.call(1);
  await one.claim(1);
  expect((await scene.facts()).lastGoodAt).toBe(lastGoodAt);
});
