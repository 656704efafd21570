import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { EntryDetail } from "../../contracts/services/ledger.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, type GatewayScene, openGatewayScene } from "../gateway-scene.ts";
import { arrived, badAttempts, codeOf, entriesOf, NO_BREAKER, submit, WORDS } from "./fault-scene.ts";

let scene: GatewayScene;
let dossiers = 0;

beforeAll(async () => {
  scene = await openGatewayScene({ settings: { NATIONAL_PORTAL_TIMEOUT_MS: "500", ...NO_BREAKER } });
});
beforeEach(() => {
  scene.portal.dial.clear();
  scene.portal.clear();
});
afterAll(() => scene.close());

const sendsAndProbes = (entry: EntryDetail | undefined): string[] =>
  (entry?.attemptLog ?? [])
    .filter(({ kind }) => kind === "send" || kind === "probe")
    .map(({ kind, outcome }) => `${kind} ${outcome}`);

const updatesOf = (code: string): number | undefined => scene.portal.state.dossiers.get(code)?.updates;

/** Sends something else through the whole way, so that whatever was due meanwhile has been sent too. */
const passTime = async (): Promise<void> => {
  const code = codeOf(++dossiers);
  await submit(scene, code);
  await scene.drained();
  expect(arrived(scene, code)).toEqual(WORDS);
};

test("a refusal is final at once, with the platform's code and words, and is never tried again", async () => {
  const code = codeOf(++dossiers);
  const message = "Trường TrichYeuHoSo không hợp lệ";
  scene.portal.dial.set({ fault: "error-body", code: "3", message, service: "DongBoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  const [put, ...steps] = await entriesOf(scene, code);
  expect(put).toMatchObject({ state: "failed", attempts: expect.any(Number) });
  expect(put?.error).toMatchObject({ code: "upstream_rejected", platformCode: "3", detail: message, retry: "never" });
  expect(sendsAndProbes(put)).toEqual(["send refused"]);
  expect(steps.map(({ state, blockedBy, attempts }) => [state, blockedBy, attempts])).toEqual(
    WORDS.map(() => ["queued", put?.id, 0]),
  );
  await passTime();
  expect(sendsAndProbes((await entriesOf(scene, code))[0])).toEqual(["send refused"]);
  expect(scene.portal.state.dossiers.has(code)).toBe(false);
});

test("a corrected dossier takes the place of the refused one, and the steps behind it follow without an operator", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "error-body", code: "3", service: "DongBoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  const corrected = await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody({ summary: "Đã sửa" }));
  expect(corrected.status).toBe(202);
  await scene.drained();
  const states = (await entriesOf(scene, code)).map(({ operation, state }) => `${operation} ${state}`);
  const delivered = WORDS.map(() => "dossier.step delivered");
  expect(states).toEqual(["dossier.put superseded", ...delivered, "dossier.put delivered"]);
  expect(scene.portal.state.dossiers.get(code)?.hoSo.TrichYeuHoSo).toBe("Đã sửa");
  expect(arrived(scene, code)).toEqual(WORDS);
});

test("a refused step stops those behind it until a person retries it", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "error-body", code: "-1", service: "CapNhatTienDoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  const [, failed] = await entriesOf(scene, code);
  expect(failed).toMatchObject({ operation: "dossier.step", state: "failed", error: { platformCode: "-1" } });
  expect(arrived(scene, code)).toEqual([]);
  expect((await scene.request("POST", `/v1/ledger/${failed?.id}/retry`)).status).toBe(202);
  await scene.drained();
  expect(arrived(scene, code)).toEqual(WORDS);
});

test("a refused step that a person cancels lets those behind it go", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "error-body", service: "CapNhatTienDoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  const [, failed] = await entriesOf(scene, code);
  const cancelled = await scene.request("POST", `/v1/ledger/${failed?.id}/cancel`, { reason: "nhập nhầm" });
  expect(cancelled.status).toBe(200);
  await scene.drained();
  expect(arrived(scene, code)).toEqual(WORDS.slice(1));
});

test("a create that broke off after taking effect ends as an update, for the portal is asked before", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "close", taken: true, service: "DongBoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  expect(sendsAndProbes((await entriesOf(scene, code))[0])).toEqual([
    "send unknown",
    "probe delivered",
    "send delivered",
  ]);
  expect(updatesOf(code)).toBe(1);
  expect(arrived(scene, code)).toEqual(WORDS);
});

test("a create that broke off before taking effect is a create again, for the portal says that it holds nothing", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set({ fault: "close", service: "DongBoHoSoMC", times: 1 });
  await submit(scene, code);
  await scene.drained();
  expect(sendsAndProbes((await entriesOf(scene, code))[0])).toEqual([
    "send unknown",
    "probe delivered",
    "send delivered",
  ]);
  expect(updatesOf(code)).toBe(0);
});

test("while the portal cannot be asked, a doubtful create is not sent again", async () => {
  const code = codeOf(++dossiers);
  scene.portal.dial.set([
    { fault: "close", taken: true, service: "DongBoHoSoMC", times: 1 },
    { fault: "http-status", status: 500, service: "TraCuuHoSo", times: 3 },
  ]);
  await submit(scene, code);
  await scene.drained();
  expect(sendsAndProbes((await entriesOf(scene, code))[0])).toEqual([
    "send unknown",
    ...Array.from({ length: 3 }, () => "probe transient"),
    "probe delivered",
    "send delivered",
  ]);
  expect(updatesOf(code)).toBe(1);
});

test.each(["0", "3", "-3"])(
  "a create that meets 'đã tồn tại' with code %s goes out again as an update",
  async (existsCode) => {
    const code = codeOf(++dossiers);
    await submit(scene, code);
    await scene.drained();
    // As after a restore of an old backup: the portal holds what we do not know of.
    await scene.database.execute(sql`delete from holdings where dossier_code = ${code}`);
    scene.portal.dial.set({ fault: "exists-code", code: existsCode });
    await scene.request("PUT", `/v1/dossiers/${code}`, dossierBody({ summary: "Thay đổi" }));
    await scene.drained();
    const last = (await entriesOf(scene, code)).at(-1);
    expect(last).toMatchObject({ operation: "dossier.put", state: "delivered" });
    expect(sendsAndProbes(last)).toEqual(["send refused", "send delivered"]);
    expect(updatesOf(code)).toBe(1);
    expect(scene.portal.state.dossiers.get(code)?.hoSo.TrichYeuHoSo).toBe("Thay đổi");
  },
);

test("credentials that the portal refuses fail no dossier: they wait until the credentials are right again", async () => {
  const code = codeOf(++dossiers);
  scene.portal.sessions.expireAll();
  scene.portal.dial.set({
    fault: "error-body",
    message: "Sai tên đăng nhập hoặc mật khẩu",
    service: "login",
    times: 4,
  });
  await submit(scene, code);
  await scene.drained();
  const entries = await entriesOf(scene, code);
  expect(entries.every(({ state }) => state === "delivered")).toBe(true);
  const logins = badAttempts(entries).filter(({ kind }) => kind === "login");
  expect(logins.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 4 }, () => "transient"));
  expect(arrived(scene, code)).toEqual(WORDS);
});

test("a payload that cannot be opened waits by itself; all other dossiers go on", async () => {
  await scene.stopDispatch();
  const [damaged, sound] = [codeOf(++dossiers), codeOf(++dossiers)];
  await submit(scene, damaged);
  await submit(scene, sound);
  const payloads = await rows<{ id: string; payload: Uint8Array }>(
    scene.database,
    sql`select id, payload from entries where dossier_code = ${damaged} and operation = 'dossier.put'`,
  );
  const [kept] = payloads;
  await scene.database.execute(sql`update entries set payload = '\\x00' where id = ${kept?.id ?? ""}::bigint`);
  scene.startDispatch();
  await expect.poll(() => arrived(scene, sound), { timeout: 5000 }).toEqual(WORDS);
  await expect.poll(async () => (await entriesOf(scene, damaged))[0]?.error?.code, { timeout: 5000 }).toBe("internal");
  const [entry] = await entriesOf(scene, damaged);
  expect(entry).toMatchObject({ attempts: 0, error: { retry: "same-key" } });
  expect(scene.portal.state.dossiers.has(damaged)).toBe(false);
  await scene.database.execute(
    sql`update entries set payload = ${kept?.payload ?? new Uint8Array()} where id = ${kept?.id ?? ""}::bigint`,
  );
  await scene.drained();
  expect(arrived(scene, damaged)).toEqual(WORDS);
});
