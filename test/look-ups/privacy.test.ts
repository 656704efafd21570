import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import type { Person } from "../../mocks/population/people.ts";
import { createDatabase } from "../../src/database/create-database.ts";
import { sql } from "../../src/database/sql.ts";
import { connect } from "../../src/runtime/database-connection.ts";
import { createTestDatabase } from "../database.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { formsOf } from "../http/personal-values.ts";
import { printRows } from "../http/tables.ts";
import {
  grantForm,
  type LookUpScene,
  lookupBody,
  OFFICER_CLIENTS,
  openLookUpScene,
  signOfficer,
} from "./look-up-scene.ts";

/** Values that occur nowhere else: wherever one turns up, a look-up brought it there. */
const MARKED = {
  personalId: "099203718293",
  wrongId: "099203718294",
  name: "Quách Thị Tường Vi",
  otherName: "Khổng Văn Lưỡng",
  street: "Số 77 ngõ Hoa Quỳnh",
  father: "QUÁCH PHƯỚC HUẤN",
  fatherId: "099168812345",
  officer: "Tống Cán Bộ Mật",
  notation: "7731/GP-QTTV",
  place: "/kho/quach-tuong-vi-7731",
} as const;
const NEEDLES = [...Object.values(MARKED), "QUACHTHITUONGVI", "QUÁCH THỊ TƯỜNG VI", "20030917", "2003-09-17"];

const PERSON: Person = {
  SoDinhDanh: MARKED.personalId,
  HoVaTen: { Ho: "QUÁCH", ChuDem: "THỊ", Ten: "TƯỜNG VI" },
  GioiTinh: "2",
  born: "20030917",
  ThuongTru: { MaTinhThanh: "99", MaPhuongXa: "99999", ChiTiet: MARKED.street },
  Cha: { HoVaTen: { Ho: "QUÁCH", ChuDem: "PHƯỚC", Ten: "HUẤN" }, SoDinhDanh: MARKED.fatherId },
};

const LOOKUP = lookupBody({ personalId: MARKED.personalId, fullName: MARKED.name, birthDate: "2003-09-17" });

let scene: LookUpScene;
beforeAll(async () => {
  scene = await openLookUpScene();
  scene.population.registry.add(PERSON);
  scene.portal.papers.add({
    owner: MARKED.personalId,
    MaKetQua: `${MARKED.personalId}.KQ1`,
    TenGiayTo: `Giấy phép ${MARKED.name}`,
    SoKyHieu: MARKED.notation,
    CoQuanChuQuan: "000.00.00.G07",
    files: [{ TenTep: `${MARKED.name}.pdf`, DuongDan: MARKED.place, base64: btoa(`%PDF-1.7 ${MARKED.notation}`) }],
  });
});
afterAll(() => scene.close());

type Send = (method: string, path: string, body?: unknown, asOfficer?: boolean) => Promise<Response>;

const until = async (isDone: () => Promise<boolean>): Promise<void> => {
  await expect.poll(isDone, { timeout: 15_000 }).toBe(true);
};

/** Every path that a look-up can take, the marked values in each. */
const live = async (send: Send): Promise<number[]> => {
  const statuses: number[] = [];
  const note = async (answer: Promise<Response>): Promise<Response> => {
    const given = await answer;
    statuses.push(given.status);
    return given;
  };
  const look = (parts: Record<string, unknown> = {}) =>
    note(send("POST", "/v1/citizens/lookup", { ...LOOKUP, ...parts }, true));
  await send("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  const fields = ["personalId", "fullName", "born", "permanentResidence", "father"];
  await send("PUT", "/v1/look-up-policies/2.000591", { fields, reason: "QĐ 12" });
  expect(await (await look()).text()).toContain(MARKED.street);
  await look({ personalId: MARKED.wrongId });
  await look({ fullName: MARKED.otherName });
  await look({ procedureCode: "1.005129" });
  await look({ purpose: MARKED.name, extra: MARKED.personalId });
  await note(send("POST", "/v1/citizens/lookup", `{"fullName":"${MARKED.name}`, true));
  await note(send("POST", "/v1/citizens/lookup", LOOKUP));
  for (const rule of [
    { fault: "latency", ms: 2500, times: 1 },
    { fault: "close", times: 1 },
    { fault: "html", times: 1 },
    { fault: "truncated", times: 1 },
    { fault: "soap-fault", code: "soapenv:Client", text: `${MARKED.name} ${MARKED.personalId}`, times: 1 },
  ] as const) {
    scene.population.dial.set([rule]);
    await look();
  }
  const deferred = (await (await look({ deferred: true })).json()) as { lookupId: string };
  scene.population.dial.set([{ fault: "soap-fault", code: "soapenv:Client", text: MARKED.name, times: 1 }]);
  const path = `/v1/citizens/lookups/${deferred.lookupId}`;
  await until(async () => [200, 422].includes((await send("GET", path, undefined, true)).status));
  scene.population.dial.clear();
  const unfetched = (await (await look({ deferred: true })).json()) as { lookupId: string };
  await until(async () => (await (await send("GET", "/v1/inbox?limit=200")).text()).includes(unfetched.lookupId));
  const { dossierCode, procedureCode, purpose, personalId } = LOOKUP;
  const reason = { dossierCode, procedureCode, purpose };
  const find = () => note(send("POST", "/v1/citizens/papers", { ...reason, personalId }, true));
  const papers = (await (await find()).json()) as { items: { files: { id: string }[] }[] };
  const id = papers.items[0]?.files[0]?.id;
  const fetchFile = () => note(send("POST", "/v1/citizens/papers/files", { ...reason, id }, true));
  expect(await (await fetchFile()).text()).toContain(MARKED.name);
  for (const rule of [
    { fault: "error-body", message: `${MARKED.name} ${MARKED.place}` },
    { fault: "truncated" },
  ] as const) {
    scene.portal.dial.set([rule]);
    await find();
    await fetchFile();
  }
  scene.portal.dial.clear();
  await note(send("GET", `/v1/access-records?subject=${MARKED.personalId}`));
  await note(send("GET", `/v1/access-records?subject=${encodeURIComponent(MARKED.name)}&nothing=1`));
  return statuses;
};

const LOOKED_UP = [200, 200, 200, 409, 400, 400, 403, 504, 503, 502, 502, 422, 202, 202];
const STATUSES = [...LOOKED_UP, 200, 201, 422, 422, 502, 502, 200, 400];

test("nothing that a gateway writes at level debug, to any table, log or figure, holds a value of a look-up", async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "ltg-lookup-"));
  await chmod(folder, 0o711);
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const registry = Object.entries(scene.config.settings).filter(([name]) => /^(?:POPULATION|ENTERPRISE)_/u.test(name));
  const child = spawn(process.execPath, [fileURLToPath(new URL("../../src/node.ts", import.meta.url)), "start"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...{ PATH, HOME, NODE_COMPILE_CACHE, PORT: "0", PUBLIC_URL: "http://127.0.0.1:8080", LOG_LEVEL: "debug" },
      ...Object.fromEntries(registry),
      ...{ DATABASE_URL: database.url, DATA_DIR: folder, CLIENTS: JSON.stringify(OFFICER_CLIENTS) },
      ...{ NATIONAL_PORTAL_URL: scene.served.url, NATIONAL_PORTAL_USERNAME: "u", NATIONAL_PORTAL_PASSWORD: "p" },
      NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
      NATIONAL_PORTAL_PAPERS_LIST_PATH: PORTAL_DEFAULTS.papersListPath,
      NATIONAL_PORTAL_PAPERS_FILE_PATH: PORTAL_DEFAULTS.papersFilePath,
      NATIONAL_PORTAL_PAPERS_USERNAME: PORTAL_DEFAULTS.papersUsername,
      NATIONAL_PORTAL_PAPERS_PASSWORD: PORTAL_DEFAULTS.papersPassword,
    },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let output = "";
  const take = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const store = connect(database.url, { max: 1 });
  try {
    await expect.poll(() => output, { timeout: 40_000 }).toContain('"msg":"ready"');
    const line = output.split("\n").find((text) => text.includes('"msg":"ready"')) ?? "";
    const { url } = JSON.parse(line) as { url: string };
    const tokenBy = async (body: URLSearchParams) => {
      const answer = await fetch(`${url}/oauth/token`, { method: "POST", body });
      return ((await answer.json()) as { access_token: string }).access_token;
    };
    const client = { client_id: "province", client_secret: "province-secret" };
    const own = await tokenBy(new URLSearchParams({ grant_type: "client_credentials", ...client }));
    const officer = await tokenBy(grantForm(await signOfficer({ officerName: MARKED.officer })));
    const send: Send = (method, path, body, asOfficer = false) =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${asOfficer ? officer : own}`, "content-type": "application/json" },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    expect(await live(send)).toEqual(STATUSES);
    const figures = await (await fetch(`${url}/metrics`)).text();

    const written = [
      { place: "log", text: output },
      { place: "metrics", text: figures },
      ...(await printRows(createDatabase(store))).map(({ table, row }) => ({ place: table, text: row })),
    ];
    const places = new Set(written.map(({ place }) => place));
    for (const table of ["access_records", "access_record_ends", "deferred_look_ups", "entries", "attempts"]) {
      expect(places).toContain(`public.${table}`);
    }
    expect(output).toContain("/v1/citizens/lookup");
    const found = written.flatMap(({ place, text }) =>
      NEEDLES.filter((needle) => formsOf(needle).some((form) => text.includes(form))).map(
        (needle) => `${place}: ${needle}`,
      ),
    );
    expect([...new Set(found)]).toEqual([]);
    const [kept] = await createDatabase(store).execute(
      sql`select count(*)::int as count from entries where operation = 'citizen.lookup-deferred' and payload is not null`,
    );
    expect(Number(kept?.["count"])).toBeLessThanOrEqual(1);
  } finally {
    child.kill("SIGTERM");
    await ended;
    await store.end();
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  }
});
