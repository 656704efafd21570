import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LedgerSummary } from "../../contracts/services/ledger.ts";
import type { FaultRule } from "../../mocks/national-portal/faults.ts";
import { type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { arrived, codeOf, NO_BREAKER, submit, WORDS } from "./fault-scene.ts";

const DOSSIERS = 20;

/** Everything that passes, spread over all calls; about every third answer is bad. */
const STORM: readonly FaultRule[] = [
  { fault: "http-status", status: 500, share: 0.06 },
  { fault: "http-status", status: 503, share: 0.05, taken: true },
  { fault: "html", share: 0.05 },
  { fault: "empty", share: 0.04 },
  { fault: "truncated", share: 0.04 },
  { fault: "session-expired", share: 0.03 },
  { fault: "session-expired", status: 401, share: 0.02 },
  { fault: "close", share: 0.04 },
  { fault: "close", share: 0.04, taken: true },
  { fault: "latency", ms: 350, share: 0.02 },
  { fault: "key-case", form: "upper", share: 0.3 },
  { fault: "error-code", form: "two-zeros", share: 0.3 },
];

let scene: GatewayScene;

beforeAll(async () => {
  scene = await openGatewayScene({ settings: { NATIONAL_PORTAL_TIMEOUT_MS: "250", ...NO_BREAKER } });
});
afterAll(() => scene.close());

const summary = async (): Promise<LedgerSummary["items"][number] | undefined> => {
  const { items } = (await (await scene.request("GET", "/v1/ledger/summary")).json()) as LedgerSummary;
  return items[0];
};

test("in a storm of every fault, with the dispatcher stopped and started in its midst, all arrives in order and the sums hold", async () => {
  scene.portal.dial.set(STORM);
  const codes = Array.from({ length: DOSSIERS }, (_, i) => codeOf(i + 1));
  const submitted = Promise.all(codes.map((code) => submit(scene, code)));
  for (let n = 0; n < 3; n++) {
    await delay(100);
    await scene.stopDispatch();
    const sums = await summary();
    const { accepted = 0, delivered = 0, failed = 0, cancelled = 0, superseded = 0, pending = 0 } = sums ?? {};
    expect(delivered + failed + cancelled + superseded + pending).toBe(accepted);
    scene.startDispatch();
  }
  await submitted;
  await scene.drained();
  expect(await summary()).toMatchObject({ delivered: DOSSIERS * (1 + WORDS.length), failed: 0, pending: 0 });
  for (const code of codes) expect(arrived(scene, code), code).toEqual(WORDS);
  const spoilt = ["http-status", "html", "empty", "truncated", "session-expired", "close"];
  for (const fault of spoilt) expect(scene.portal.calls.count(`fault:${fault}`), fault).toBeGreaterThan(0);
  const { steps, repeatedSteps } = scene.portal.state.counts;
  expect(steps - repeatedSteps).toBe(DOSSIERS * WORDS.length);
});
