import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { bundleWorker, type WorkerBundle } from "./worker-bundle.ts";
import { openWorker, sharedKeys, workerSettings } from "./worker-scene.ts";

/** An address at which no database is: nothing listens on port 1. */
const noDatabase = (): string => {
  const url = new URL(inject("pgAdminUrl"));
  url.port = "1";
  return url.href;
};

let bundle: WorkerBundle;

beforeAll(async () => {
  bundle = await bundleWorker();
});
afterAll(() => bundle?.remove());

test("unusable settings are answered with a problem, and the log names every fault but no secret", async () => {
  const settings = { ...(await workerSettings()), CLIENTS: "[{hush-hush", AGENCY_CODE: "" };
  const worker = await openWorker(bundle, noDatabase(), settings);
  try {
    for (const path of ["/healthz", "/v1/ledger", "/oauth/token"]) {
      const answer = await worker.fetch(path, { headers: { "accept-language": "en", "x-correlation-id": "c-1" } });
      expect(answer.status).toBe(503);
      expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/u);
      expect(await answer.json()).toMatchObject({ code: "not_configured", correlationId: "c-1", retry: "later" });
    }
    expect((await worker.cron()).outcome).toBe("ok");
    const [line, ...more] = worker.log();
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 50, msg: "the settings cannot be used" });
    const named = ((line?.["faults"] ?? []) as string[]).map((fault) => /^[A-Z_]+/u.exec(fault)?.[0]);
    expect(named.sort()).toEqual(["AGENCY_CODE", "CLIENTS", "LEDGER_KEYS", "SIGNING_KEYS"]);
    expect(JSON.stringify(line)).not.toContain("hush");
  } finally {
    await worker.close();
  }
});

test("demo settings are not production's: without PUBLIC_URL or with plain secrets nothing is served", async () => {
  const { PUBLIC_URL: _, ...settings } = await workerSettings();
  const clients = JSON.stringify([{ id: "demo", secret: "hush-hush", scopes: ["*"], agency: "H04" }]);
  const keys = await sharedKeys();
  for (const faulty of [
    { ...settings, ...keys },
    { ...(await workerSettings()), ...keys, CLIENTS: clients },
  ]) {
    const worker = await openWorker(bundle, noDatabase(), faulty);
    try {
      expect((await worker.fetch("/healthz")).status).toBe(503);
      expect(JSON.stringify(worker.log())).toMatch(/PUBLIC_URL is missing|CLIENTS/u);
    } finally {
      await worker.close();
    }
  }
});

test("while the database is away the Worker lives, is not ready, and answers calls with 503 unavailable", async () => {
  const worker = await openWorker(bundle, noDatabase(), { ...(await workerSettings()), ...(await sharedKeys()) });
  try {
    expect((await worker.fetch("/healthz")).status).toBe(200);
    const ready = await worker.fetch("/readyz");
    expect([ready.status, ((await ready.json()) as { code: string }).code]).toEqual([503, "unavailable"]);
    const list = await worker.request("GET", "/v1/ledger");
    expect([list.status, ((await list.json()) as { code: string }).code]).toEqual([503, "unavailable"]);
    expect((await worker.cron()).outcome).toBe("ok");
    expect((await worker.fetch("/metrics")).status).toBe(200);
  } finally {
    await worker.close();
  }
});
