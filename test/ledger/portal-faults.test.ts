import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ErrorCode } from "../../contracts/errors.ts";
import type { FaultRule } from "../../mocks/national-portal/faults.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { arrived, badAttempts, codeOf, entriesOf, firings, NO_BREAKER, STEPS, submit, WORDS } from "./fault-scene.ts";

let scene: GatewayScene;
let dossiers = 0;

beforeAll(async () => {
  scene = await openGatewayScene({ settings: { NATIONAL_PORTAL_TIMEOUT_MS: "300", ...NO_BREAKER } });
});
beforeEach(() => {
  scene.portal.dial.clear();
  scene.portal.clear();
});
afterAll(() => scene.close());

/** A fault that passes, and the causes that its attempts may be recorded under. */
interface Passing {
  readonly name: string;
  readonly rule: FaultRule;
  readonly codes: readonly ErrorCode[];
  /** The call took effect although its answer was bad: what cannot be asked about may then be shown twice. */
  readonly takes?: true;
}

const TIMES = 3;

const FAULTS: readonly Passing[] = [
  { name: "500", rule: { fault: "http-status", status: 500, times: TIMES }, codes: ["upstream_unavailable"] },
  { name: "408", rule: { fault: "http-status", status: 408, times: TIMES }, codes: ["upstream_timeout"] },
  { name: "429", rule: { fault: "http-status", status: 429, times: TIMES }, codes: ["upstream_unavailable"] },
  {
    name: "500 after taking effect",
    rule: { fault: "http-status", status: 500, times: TIMES, taken: true },
    codes: ["upstream_unavailable"],
    takes: true,
  },
  { name: "an HTML page", rule: { fault: "html", times: TIMES }, codes: ["upstream_malformed"] },
  { name: "an empty answer", rule: { fault: "empty", times: TIMES }, codes: ["upstream_malformed"] },
  { name: "half a JSON", rule: { fault: "truncated", times: TIMES }, codes: ["upstream_malformed"], takes: true },
  { name: "10 MB", rule: { fault: "oversized", times: TIMES }, codes: ["upstream_malformed"], takes: true },
  {
    name: "a session expired by words",
    rule: { fault: "session-expired", times: TIMES },
    codes: ["upstream_unavailable"],
  },
  {
    name: "a session expired by 401",
    rule: { fault: "session-expired", status: 401, times: TIMES },
    codes: ["upstream_unavailable"],
  },
  {
    name: "a session expired by 403",
    rule: { fault: "session-expired", status: 403, times: TIMES },
    codes: ["upstream_unavailable"],
  },
  { name: "a reset before the effect", rule: { fault: "close", times: TIMES }, codes: ["upstream_unavailable"] },
  {
    name: "a reset after the effect",
    rule: { fault: "close", times: TIMES, taken: true },
    codes: ["upstream_unavailable"],
    takes: true,
  },
];

/** Everything arrived once and in order, and the ledger says so. */
const expectDelivered = async (code: string) => {
  const entries = await entriesOf(scene, code);
  expect(entries.map(({ operation, state }) => [operation, state])).toEqual([
    ["dossier.put", "delivered"],
    ...WORDS.map(() => ["dossier.step", "delivered"]),
  ]);
  expect(arrived(scene, code)).toEqual(WORDS);
  for (const { attempts, attemptLog } of entries) {
    expect(attemptLog.map(({ n }) => n)).toEqual(Array.from({ length: attempts }, (_, i) => i + 1));
    expect(attemptLog.at(-1)).toMatchObject({ kind: "send", outcome: "delivered" });
  }
  return entries;
};

/** Where a fault strikes: from the first call on (login, catalogue, create), or only the steps. */
const PLACES = [
  ["any call", {}],
  ["the steps", { service: "CapNhatTienDoHoSoMC" }],
] as const;

test.each(FAULTS.flatMap((fault) => PLACES.map(([place, scope]) => ({ ...fault, place, scope }))))(
  "after $name at $place, the dossier and its steps arrive in order, and each bad answer is a recorded attempt",
  async ({ rule, codes, takes, scope }) => {
    const code = codeOf(++dossiers);
    scene.portal.sessions.expireAll();
    scene.portal.dial.set({ ...rule, ...scope });
    await submit(scene, code);
    await scene.drained();
    const bad = badAttempts(await expectDelivered(code));
    expect(firings(scene, rule)).toBe(TIMES);
    const { steps, repeatedSteps } = scene.portal.state.counts;
    expect(steps - repeatedSteps).toBe(STEPS);
    expect(repeatedSteps).toBeLessThanOrEqual(takes ? TIMES : 0);
    // The session that died before the test is met once more.
    const deaths = scene.portal.calls.count("session");
    expect(bad).toHaveLength(TIMES + deaths);
    const causes = bad.filter(({ response }) => deaths === 0 || !response.includes("phiên"));
    expect(causes.length).toBeGreaterThanOrEqual(rule.fault === "session-expired" ? 0 : TIMES);
    for (const { errorCode } of causes) expect(codes).toContain(errorCode);
  },
);

test("answers that come too late are time-outs with an unknown outcome, and the steps repeat only directly", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "latency", ms: 400, times: 3, service: "CapNhatTienDoHoSoMC" });
  await submit(scene, code);
  await scene.drained();
  const bad = badAttempts(await expectDelivered(code));
  expect(bad.map(({ kind, outcome, errorCode }) => [kind, outcome, errorCode])).toEqual(
    Array.from({ length: 3 }, () => ["send", "unknown", "upstream_timeout"]),
  );
  expect(scene.portal.state.counts.repeatedSteps).toBe(3);
});

test("a create whose answer was too late ends as an update, because the portal was asked first", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "latency", ms: 400, times: 1, service: "DongBoHoSoMC" });
  await submit(scene, code);
  await scene.drained();
  const [put] = await expectDelivered(code);
  const sendsAndProbes = put?.attemptLog.filter(({ kind }) => kind === "send" || kind === "probe");
  expect(sendsAndProbes?.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    "send unknown",
    "probe delivered",
    "send delivered",
  ]);
  expect(scene.portal.state.dossiers.get(code)?.updates).toBe(1);
});

test("a portal that refuses connections costs nothing but time", async () => {
  const code = codeOf(++dossiers);
  await scene.served.refuse(true);
  await submit(scene, code);
  await expect.poll(async () => (await entriesOf(scene, code))[0]?.attempts, { timeout: 5000 }).toBeGreaterThan(2);
  const waiting = (await entriesOf(scene, code))[0];
  expect(["waiting", "sending"]).toContain(waiting?.state);
  expect(waiting?.error).toMatchObject({ code: "upstream_unavailable", retry: "later" });
  await scene.served.refuse(false);
  await scene.drained();
  const bad = badAttempts(await expectDelivered(code));
  // Cutting the open connections may have hit a call under way; apart from that nothing was ever sent.
  expect(bad.every(({ errorCode }) => errorCode === "upstream_unavailable")).toBe(true);
  expect(scene.portal.state.counts).toMatchObject({ steps: STEPS, repeatedSteps: 0, updates: 0 });
});

test("codes as a number or two zeros and keys in any case are understood at once", async () => {
  const forms: FaultRule[] = [
    { fault: "error-code", form: "number" },
    { fault: "error-code", form: "two-zeros" },
    { fault: "key-case", form: "lower" },
    { fault: "key-case", form: "upper" },
  ];
  for (const rule of forms) {
    const code = codeOf(++dossiers);
    scene.portal.dial.set(rule);
    await submit(scene, code);
    await scene.drained();
    expect(badAttempts(await expectDelivered(code))).toEqual([]);
  }
});

test("while the catalogue is down a dossier of an unknown procedure waits, and nothing is sent in its place", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "http-status", status: 503, service: "LayThuTuc", times: 4 });
  await submit(scene, code, { procedureCode: "1.013001" });
  await scene.drained();
  const [put] = await expectDelivered(code);
  expect(put?.attemptLog.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    ...Array.from({ length: 4 }, () => "read transient"),
    "read delivered",
    "send delivered",
  ]);
  expect(scene.portal.state.counts).toMatchObject({ updates: 0, repeatedSteps: 0 });
});

test("a portal that asks for a pause gets it", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "http-status", status: 503, retryAfterSeconds: 1, service: "DongBoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  const sends = (await expectDelivered(code))[0]?.attemptLog.filter(({ kind }) => kind !== "read" && kind !== "login");
  const [first, second] = (sends ?? []).map(({ startedAt }) => Date.parse(startedAt));
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1000);
});
