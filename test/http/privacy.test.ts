import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { createTestDatabase } from "../database.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";
import { formsOf, NEEDLES, PERSONAL, personalDossier, personalEvent } from "./personal-values.ts";
import { allTables, printRows } from "./tables.ts";

type Send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;

let scene: ApiScene;

beforeAll(async () => {
  scene = await openApiScene();
});
afterAll(() => scene.close());

/** Everything that a dossier can live through, its personal values in every call. */
const live = async (send: Send, code: string): Promise<void> => {
  const path = `/v1/dossiers/${code}`;
  const key = { "idempotency-key": `key-${code}` };
  await send("PUT", path, personalDossier(), key);
  await send("PUT", path, personalDossier(), key);
  await send("PUT", path, personalDossier({ note: `${PERSONAL.note}.` }), key);
  await send("POST", `${path}/events`, personalEvent("e1"));
  await send("POST", `${path}/events`, personalEvent("e1", { content: `${PERSONAL.content}.` }));
  await send("POST", `${path}/events`, personalEvent("e2", { kind: "stop", reason: PERSONAL.reason }));
  await send("PUT", path, personalDossier({ status: PERSONAL.name, colour: PERSONAL.phone }));
  await send("PUT", path, `{"note":"${PERSONAL.note}`);
  for (const q of [PERSONAL.name, PERSONAL.personalId, PERSONAL.receipt, PERSONAL.passport]) {
    await send("GET", `/v1/dossiers?q=${encodeURIComponent(q)}`);
    await send("GET", `/v1/dossiers/counts?q=${encodeURIComponent(q)}`);
    await send("GET", `/v1/ledger?subject=${encodeURIComponent(q)}`);
    await send("GET", `/v1/dossiers/${encodeURIComponent(q)}`);
    await send("PUT", `/v1/dossiers/${encodeURIComponent(q)}`, personalDossier());
  }
  await send("GET", path);
};

test("no table holds a name or a number of a person in clear, after every end that an exchange can have", async () => {
  const send: Send = (method, path, body, headers = {}) => scene.request(method, path, body, { headers });
  const refusal = `Công dân ${PERSONAL.name} (${PERSONAL.personalId}, ${PERSONAL.phone}) không hợp lệ`;
  await live(send, codeOf(1));
  await scene.drained();
  scene.portal.dial.set([
    { fault: "error-body", service: "DongBoHoSoMC", code: "3", message: refusal, times: 1 },
    { fault: "html", service: "DongBoHoSoMC", times: 1 },
    { fault: "close", service: "DongBoHoSoMC", times: 1, taken: true },
  ]);
  for (const n of [2, 3, 4]) await live(send, codeOf(n));
  await scene.drained();
  scene.portal.dial.clear();
  await scene.stopDispatch();
  const { body } = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${codeOf(5)}`, personalDossier());
  await send("POST", `/v1/ledger/${body.exchanges[0]?.id}/cancel`, { reason: `${PERSONAL.name}: ${PERSONAL.reason}` });
  await send("PUT", `/v1/dossiers/${codeOf(6)}?known=true`, personalDossier());

  const printed = await printRows(scene.database);
  const filled = new Set(printed.map(({ table }) => table));
  for (const table of [
    "dossiers",
    "dossier_events",
    "entries",
    "pending",
    "settled",
    "attempts",
    "idempotency_keys",
    "audit",
  ]) {
    expect(filled).toContain(`public.${table}`);
  }
  const found = printed.flatMap(({ table, row }) =>
    NEEDLES.filter((needle) => formsOf(needle).some((form) => row.includes(form))).map(
      (needle) => `${table}: ${needle}`,
    ),
  );
  expect([...new Set(found)]).toEqual([]);
});

test("the look for personal values would find them in any of their forms, in text as in bytes", async () => {
  const encodings: ((text: string) => string)[] = [
    (text) => JSON.stringify({ name: `x${text}y` }),
    (text) => `\\x${Buffer.from(`ab${text}`).toString("hex")}`,
    (text) => Buffer.from(`a${text}bc`).toString("base64"),
    (text) => Buffer.from(`ab${text}c`).toString("base64url"),
    (text) => encodeURIComponent(text),
    (text) => Buffer.from(text, "utf16le").toString("hex"),
  ];
  for (const needle of Object.values(PERSONAL)) {
    for (const encode of encodings) {
      expect(formsOf(needle).some((form) => encode(needle).includes(form))).toBe(true);
    }
  }
  expect(formsOf("001199000001").some((form) => "an innocent row".includes(form))).toBe(false);
  expect((await allTables(scene.database)).length).toBeGreaterThan(8);
});

/** A gateway as `npm start` runs it, with everything it writes kept. */
const startGateway = async (settings: Record<string, string>) => {
  const entry = fileURLToPath(new URL("../../src/node.ts", import.meta.url));
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const environment = { PATH, HOME, NODE_COMPILE_CACHE, PORT: "0", ...settings };
  const child = spawn(process.execPath, [entry, "start"], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const ready = new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString("utf8");
      const line = output.split("\n").find((text) => text.includes('"msg":"ready"') && text.endsWith("}"));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${output}`)));
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { url: await ready, output: () => output, stop };
};

test("a whole gateway that logs at level trace writes no personal value, no secret and no token", async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "ltg-log-"));
  await chmod(folder, 0o711);
  const client = { id: "loud", secret: "loud-secret-4711", scopes: ["*"], agency: "H04" };
  const gateway = await startGateway({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    LOG_LEVEL: "trace",
    CLIENTS: JSON.stringify([client]),
    NATIONAL_PORTAL_URL: scene.served.url,
    NATIONAL_PORTAL_USERNAME: scene.config.settings["NATIONAL_PORTAL_USERNAME"] ?? "",
    NATIONAL_PORTAL_PASSWORD: "wrong-portal-password",
    NATIONAL_PORTAL_DSTCODE: scene.config.settings["NATIONAL_PORTAL_DSTCODE"] ?? "",
  });
  try {
    const ask = (path: string, init: RequestInit) => fetch(`${gateway.url}${path}`, init);
    const form = (secret: string) =>
      new URLSearchParams({ grant_type: "client_credentials", client_id: client.id, client_secret: secret });
    await ask("/oauth/token", { method: "POST", body: form("bad-secret-4712") });
    const granted = await ask("/oauth/token", { method: "POST", body: form(client.secret) });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    const send: Send = (method, path, body, headers = {}) =>
      ask(path, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    await live(send, codeOf(1));
    await ask(`/v1/dossiers?q=${PERSONAL.personalId}`, { headers: { authorization: "Bearer stolen-token-4713" } });
    await ask(`/v1/${PERSONAL.personalId}`, { headers: { "x-correlation-id": "corr-4714" } });
    await expect.poll(gateway.output).toContain("not delivered");
    await expect.poll(gateway.output).toContain("corr-4714");

    const needles = [...NEEDLES, token, client.secret, "bad-secret-4712", "stolen-token", "wrong-portal-password"];
    const found = needles.filter((needle) => formsOf(needle).some((form) => gateway.output().includes(form)));
    expect(found).toEqual([]);
  } finally {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  }
});
