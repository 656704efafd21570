import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { EventAccepted } from "../../contracts/services/dossier-views.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "./api-scene.ts";
import { ledgerCalls, PATIENT } from "./ledger-calls.ts";

let scene: ApiScene;
const { put, read, until, lastCode, retry, cancel, failedPut, waitingPut, queuedPut, calmDown } = ledgerCalls(
  () => scene,
);

beforeAll(async () => {
  scene = await openApiScene({ settings: PATIENT });
});
afterEach(calmDown);
afterAll(() => scene.close());

test("retry sends a failed entry again, and its history stays", async () => {
  const id = await failedPut();
  const before = (await read(id)).attempts;
  const answer = await retry(id);
  expect([answer.status, answer.body.id]).toEqual([202, id]);
  const entry = await until(id, "delivered");
  expect(entry.attempts).toBe(before + 1);
  expect(entry.error).toBeUndefined();
  expect(entry.attemptLog.filter(({ kind }) => kind === "send").map(({ outcome }) => outcome)).toEqual([
    "refused",
    "delivered",
  ]);
});

test("retry makes a waiting entry due now", async () => {
  const id = await waitingPut();
  expect(Date.parse((await read(id)).nextAttemptAt ?? "")).toBeGreaterThan(Date.now());
  const answer = await retry(id);
  expect(answer.status).toBe(202);
  expect(Date.parse(answer.body.nextAttemptAt ?? "")).toBeLessThan(Date.now() + 1000);
  await until(id, "delivered");
});

test("retry of a queued entry changes nothing", async () => {
  const id = await queuedPut();
  const before = await read(id);
  const answer = await retry(id);
  expect([answer.status, answer.body.state]).toEqual([202, "queued"]);
  expect(await read(id)).toEqual(before);
});

test("what is settled is neither retried nor cancelled", async () => {
  const delivered = await put();
  await scene.drained();
  const cancelled = await queuedPut();
  await cancel(cancelled);
  const superseded = await put({ note: "một" });
  await scene.call("PUT", `/v1/dossiers/${lastCode()}`, dossierBody({ note: "hai" }));
  const states = await Promise.all([delivered, cancelled, superseded].map(async (id) => (await read(id)).state));
  expect(states).toEqual(["delivered", "cancelled", "superseded"]);
  for (const id of [delivered, cancelled, superseded]) {
    for (const answer of [
      await scene.call("POST", `/v1/ledger/${id}/retry`),
      await scene.call("POST", `/v1/ledger/${id}/cancel`, { reason: "x" }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, "conflict"]);
    }
  }
});

test("an unknown id is not found, whatever it looks like", async () => {
  for (const id of ["999999", "0", "-1", "1.5", "abc", "99999999999999999999999", "01"]) {
    for (const [method, action] of [
      ["GET", ""],
      ["POST", "/retry"],
      ["POST", "/cancel"],
    ] as const) {
      const body = action === "/cancel" ? { reason: "x" } : undefined;
      const answer = await scene.call(method, `/v1/ledger/${id}${action}`, body);
      expect([id, action, answer.status]).toEqual([id, action, 404]);
    }
  }
});

test("cancel settles what is queued, waiting or failed, with the time, and the reason is kept sealed", async () => {
  const ids = [await waitingPut(), await failedPut(), await queuedPut()];
  for (const id of ids) {
    const answer = await cancel(id, "Công dân Quách Tường xin rút");
    expect([answer.status, answer.body.state]).toEqual([200, "cancelled"]);
    expect(Date.parse(answer.body.settledAt ?? "")).toBeGreaterThan(0);
  }
  const [kept] = await rows<{ reason: Uint8Array }>(
    scene.database,
    sql`select reason from settled where id = ${ids[0]}::bigint`,
  );
  expect(Buffer.from(kept?.reason ?? []).length).toBeGreaterThan(20);
  expect(Buffer.from(kept?.reason ?? []).includes("Tường")).toBe(false);
});

test("cancelling the failed head frees what waits behind it", async () => {
  const id = await failedPut();
  await scene.call("PUT", `/v1/dossiers/${lastCode()}?known=true`, dossierBody());
  const events = `/v1/dossiers/${lastCode()}/events`;
  const { body } = await scene.call<EventAccepted>("POST", events, eventBody("e1"));
  const step = body.exchanges[0]?.id ?? "";
  expect((await read(step)).blockedBy).toBe(id);
  await cancel(id);
  // The portal never heard of the dossier: it refuses the step, which shows that the step was sent.
  const entry = await until(step, "failed");
  expect(entry.blockedBy).toBeUndefined();
});

test("who retried and who cancelled stands in the audit trail, with the correlation id", async () => {
  const id = await failedPut();
  const headers = { "x-correlation-id": "audit-1" };
  await scene.call("POST", `/v1/ledger/${id}/retry`, undefined, { headers });
  await until(id, "delivered");
  const found = await rows<Record<string, string>>(
    scene.database,
    sql`select actor_kind, actor, action, subject from audit where correlation_id = 'audit-1'`,
  );
  expect(found.map((row) => ({ ...row }))).toEqual([
    { actor_kind: "client", actor: "province", action: "ledger.retry", subject: id },
  ]);
});
