import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournal } from "../../mocks/national-portal/journal.ts";
import type { EffectJournal } from "../../mocks/national-portal/settings.ts";
import {
  CODE,
  CREDENTIALS,
  HEADERS,
  hoSo,
  openScene,
  PORTAL_CODE,
  tienDo,
  trangThai,
} from "./national-portal-scene.ts";

let folder: string;
let path: string;
const opened: { close(): void }[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-journal-"));
  path = join(folder, "below", "portal.jsonl");
});
afterEach(() => {
  for (const journal of opened.splice(0)) journal.close();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const open = () => {
  const journal = openJournal(path);
  opened.push(journal);
  return journal;
};

test("a portal that starts again holds what it acknowledged, to the step", async () => {
  const first = openScene({ journal: open() });
  first.portal.addPortalDossier({ MaHoSo: PORTAL_CODE, MaTTHC: "2.000033" });
  await first.create(hoSo());
  await first.step(tienDo());
  await first.step(tienDo());
  await first.update(hoSo({ TrangThaiHoSo: "9" }));
  await first.call("DongBoTrangThaiHoSo", { type: "2", data: trangThai() });
  const second = openScene({ journal: open() });
  expect(second.portal.state.dossiers).toEqual(first.portal.state.dossiers);
  expect(second.portal.state.portalDossiers).toEqual(first.portal.state.portalDossiers);
  expect(second.portal.state.counts).toEqual(first.portal.state.counts);
  expect((await second.create(hoSo())).body["error_code"]).toBe("-3");
  expect((await second.step(tienDo({ TrangThai: "10" }))).body["error_code"]).toBe("0");
});

test("what was refused is not kept, and what was cleared stays cleared", async () => {
  const first = openScene({ journal: open() });
  await first.update(hoSo());
  expect(readFileSync(path, "utf8")).toBe("");
  await first.create(hoSo());
  first.portal.clear();
  expect(openScene({ journal: open() }).portal.state.counts.dossiers).toBe(0);
});

test("a last line that was cut is dropped, and what comes after it is read again", async () => {
  const first = openScene({ journal: open() });
  await first.create(hoSo());
  appendFileSync(path, '{"kind":"steps","at":"2026-11-20T02:15:00Z","data":[{"MaHo');
  const second = openScene({ journal: open() });
  expect(second.portal.state.counts).toMatchObject({ dossiers: 1, steps: 0 });
  await second.step(tienDo());
  const third = openScene({ journal: open() });
  expect(third.portal.state.counts).toMatchObject({ dossiers: 1, steps: 1 });
});

test("a damaged line in the middle is named instead of being skipped", () => {
  open();
  writeFileSync(path, '{"kind":"cleared","at":"2026-11-20T02:15:00Z"}\n{"kind":\n{"kind":"cleared","at":"x"}\n');
  expect(() => openJournal(path)).toThrow(/portal\.jsonl, line 2/u);
});

test("an effect is kept before it is acknowledged; one that cannot be kept does not take place", async () => {
  const order: string[] = [];
  const journal: EffectJournal = { effects: [], append: ({ kind }) => void order.push(kind) };
  const scene = openScene({ journal, wait: async () => void order.push("answer") });
  scene.portal.dial.set({ fault: "latency", ms: 1, service: "DongBoHoSoMC" });
  await scene.create(hoSo());
  expect(order).toEqual(["dossiers", "answer"]);
  const full = openScene({
    journal: {
      effects: [],
      append: () => {
        throw new Error("no space left on device");
      },
    },
  });
  const session = await full.login();
  full.portal.app.onError((_, c) => c.text("", 500));
  const body = { session, madonvi: "000.00.00.H04", service: "DongBoHoSoMC", isUpdating: "False", data: [hoSo()] };
  expect((await full.request("/mapi/g", body)).status).toBe(500);
  expect(full.portal.state.counts.dossiers).toBe(0);
});

/** Starts the simulator as its own process; resolves with its address. */
const startAlone = async (): Promise<{ url: string; child: ChildProcess }> => {
  const child = spawn(
    process.execPath,
    ["mocks/standalone.ts", "national-portal", "--port", "0", "--state-file", path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  const [printed] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const url = /http:\/\/\S+/u.exec(printed.toString())?.[0];
  if (url === undefined) throw new Error(`no address in ${printed.toString()}`);
  return { url, child };
};

const send = async (url: string, body: unknown): Promise<Record<string, string>> => {
  const response = await fetch(url, { method: "POST", headers: HEADERS, body: JSON.stringify(body) });
  return (await response.json()) as Record<string, string>;
};

test("the simulator runs alone, prints its address, and remembers after SIGKILL what it had answered", async () => {
  const sync = async (url: string) => {
    const { session } = await send(`${url}/mapi/login`, CREDENTIALS);
    const call = { session, madonvi: "000.00.00.H04", service: "DongBoHoSoMC", isUpdating: "False", data: [hoSo()] };
    return send(`${url}/mapi/g`, call);
  };
  const first = await startAlone();
  expect(await sync(first.url)).toMatchObject({ error_code: "0" });
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const second = await startAlone();
  expect(await sync(second.url)).toEqual({ error_code: "-3", message: `Hồ sơ ${CODE} đã tồn tại` });
  second.child.kill("SIGTERM");
  const [code] = (await once(second.child, "exit")) as [number | null];
  expect(code).toBe(0);
});

test("a wrong command line is answered with the usage and exit code 1", async () => {
  const child = spawn(process.execPath, ["mocks/standalone.ts", "telegraph"], { stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(1);
  expect(text).toMatch(/^usage: node mocks\/standalone\.ts national-portal/u);
});
