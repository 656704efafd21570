import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EntryDetail, EntryView } from "../../contracts/services/ledger.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "../http/api-scene.ts";

/** The name under which each face counts the calls that bring steps. */
const STEP_CALLS = {
  mapi: "CapNhatTienDoHoSoMC",
  "lgsp-facade": "DongBoTienTrinh",
  "connector-v1": "capnhatientrinh",
} as const;

/** A status that the portal refuses, since this deployment maps it to a code outside the ten. */
const REFUSED = "payment-required";

let number = 0;

describe.for(["mapi", "lgsp-facade", "connector-v1"] as const)("steps in packets, spoken in %s", (profile) => {
  let scene: ApiScene;

  beforeAll(async () => {
    scene = await openApiScene({
      dispatch: false,
      ...(profile !== "mapi" && { profile }),
      settings: {
        NATIONAL_PORTAL_STEPS_PER_CALL: "5",
        NATIONAL_PORTAL_STATUS_MAP: JSON.stringify({ [REFUSED]: "11" }),
      },
    });
  });
  afterAll(() => scene.close());

  /** Accepts a dossier and so many steps while nothing is sent, then lets it go out. */
  const send = async (steps: readonly string[]): Promise<string> => {
    await scene.stopDispatch();
    number += 1;
    const code = codeOf(number);
    scene.portal.calls.clear();
    const body = dossierBody();
    expect((await scene.call("PUT", `/v1/dossiers/${code}`, body)).status).toBe(202);
    for (const [n, status] of steps.entries()) {
      const event = eventBody(`s${n}`, {
        status,
        content: `Bước ${n}`,
        occurredAt: `2026-11-20T1${n % 10}:10:00+07:00`,
      });
      expect((await scene.call("POST", `/v1/dossiers/${code}/events`, event)).status).toBe(202);
    }
    scene.startDispatch();
    await scene.drained();
    return code;
  };

  const held = (code: string) => scene.portal.state.dossiers.get(code)?.steps.map(({ step }) => step.NoiDungXuLy);
  const stepCalls = (ending: string) => scene.portal.calls.count(ending, STEP_CALLS[profile]);
  const entries = async (code: string): Promise<EntryDetail[]> => {
    const page = await scene.call<{ items: EntryView[] }>("GET", `/v1/ledger?dossierCode=${code}`);
    const read = page.body.items.map(({ id }) => scene.call<EntryDetail>("GET", `/v1/ledger/${id}`));
    return (await Promise.all(read)).map(({ body }) => body).toReversed();
  };

  test("twelve steps go in three calls, in order, each its own exchange with its own attempt", async () => {
    const code = await send(Array.from({ length: 12 }, () => "processing"));
    expect(held(code)).toEqual(Array.from({ length: 12 }, (_, n) => `Bước ${n}`));
    expect(stepCalls("ok")).toBe(3);
    const [put, ...steps] = await entries(code);
    expect(put?.operation).toBe("dossier.put");
    expect(steps).toHaveLength(12);
    for (const { state, attempts, attemptLog } of steps) {
      expect([state, attempts]).toEqual(["delivered", 1]);
      expect(attemptLog).toMatchObject([{ n: 1, kind: "send", outcome: "delivered" }]);
    }
    // Each shows what of the call was its own, as if it had gone alone.
    const shown = steps.map(({ attemptLog }) => attemptLog[0]?.request ?? "");
    expect(new Set(shown.map((request) => request.length)).size).toBe(1);
    for (const request of shown) expect(request.match(/"MaHoSo"/gu)).toHaveLength(1);
  });

  test("a packet with one bad step is refused whole and sent one by one: the bad one fails, those behind it wait", async () => {
    const code = await send(["processing", "processing", REFUSED, "processing", "processing"]);
    expect(held(code)).toEqual(["Bước 0", "Bước 1"]);
    const steps = (await entries(code)).slice(1);
    expect(steps.map(({ state }) => state)).toEqual(["delivered", "delivered", "failed", "waiting", "waiting"]);
    const failed = steps[2];
    expect(failed?.error?.code).toBe("upstream_rejected");
    expect(failed?.attemptLog.map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
    expect(steps[3]?.attemptLog.map(({ outcome }) => outcome)).toEqual(["refused"]);
    const cancelled = await scene.call("POST", `/v1/ledger/${failed?.id}/cancel`, { reason: "Bước nhập sai" });
    expect(cancelled.status).toBe(200);
    await scene.drained();
    expect(held(code)).toEqual(["Bước 0", "Bước 1", "Bước 3", "Bước 4"]);
    expect(scene.portal.overlaps.count).toBe(0);
  });

  test("a packet whose answer was lost may repeat, step by step and in order; nothing is lost", async () => {
    scene.portal.dial.set({ fault: "http-status", status: 500, service: STEP_CALLS[profile], taken: true, times: 1 });
    const code = await send(["processing", "processing", "processing"]);
    scene.portal.dial.clear();
    const steps = ["Bước 0", "Bước 1", "Bước 2"];
    expect(held(code)).toEqual([...steps, ...steps]);
    for (const { state, attemptLog } of (await entries(code)).slice(1))
      expect([state, attemptLog.map(({ outcome }) => outcome)]).toEqual(["delivered", ["unknown", "delivered"]]);
  });
});
