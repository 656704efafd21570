import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgencyCodeEntry } from "../../contracts/services/agency-codes.ts";
import type { DossierAccepted, DossierDetail, EventAccepted } from "../../contracts/services/dossier-views.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "../http/api-scene.ts";

interface Page {
  readonly items: AgencyCodeEntry[];
  readonly next: string | null;
}

const PATH = "/v1/agency-codes";
const CODES: AgencyCodeEntry[] = [
  { code: "H04", name: "UBND tỉnh" },
  { code: "000.00.15.H04", name: "Sở Công Thương (cũ)", validTo: "2026-10-31", successor: "000.00.20.H04" },
  { code: "H04.20", name: "Sở Công Thương", validFrom: "2026-11-01" },
  { code: "H61", name: "UBND tỉnh đã nhập", validTo: "2025-06-30", successor: "H04" },
];

let scene: ApiScene;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
});
afterAll(() => scene.close());

const list = (query = "") => scene.call<Page>("GET", `${PATH}${query}`);
const put = (code: string, parts: Record<string, unknown>, client = "province") =>
  scene.call<DossierAccepted>("PUT", `/v1/dossiers/${code}`, dossierBody(parts), {
    client,
    headers: { "accept-language": "en" },
  });

test("the list is put as a whole, read in canonical form page by page, and audited", async () => {
  expect((await list()).body).toEqual({ items: [], next: null });
  const stored = await scene.call<{ codes: number }>("PUT", PATH, { codes: CODES });
  expect([stored.status, stored.body]).toEqual([200, { codes: 4 }]);
  const first = (await list("?limit=2")).body;
  expect(first.items).toEqual([
    { code: "H04", name: "UBND tỉnh" },
    { code: "H04.15", name: "Sở Công Thương (cũ)", validTo: "2026-10-31", successor: "H04.20" },
  ]);
  const second = (await list(`?limit=2&cursor=${first.next}`)).body;
  expect([second.items.map(({ code }) => code), second.next]).toEqual([["H04.20", "H61"], null]);
  const [act] = await rows(scene.database, sql`select action, subject, detail from audit order by id desc limit 1`);
  expect(act).toEqual({ action: "agency-codes.replace", subject: "agency-codes", detail: { codes: 4 } });
});

test("a code in either form finds itself and those below it, and no others", async () => {
  for (const code of ["H04", "000.00.00.H04"]) {
    const { body } = await list(`?code=${code}`);
    expect(body.items.map((item) => item.code)).toEqual(["H04", "H04.15", "H04.20"]);
  }
  expect((await list("?code=H0")).body.items).toEqual([]);
});

test("a new dossier that names a closed code is told its successor; one received before keeps its code", async () => {
  const unit = { code: "000.00.15.H04", name: "Sở Công Thương" };
  const fresh = await put("H04.15-261120-0001", { processingUnit: unit });
  expect(fresh.status).toBe(202);
  expect(fresh.body.warnings).toEqual([
    {
      code: "agency_code_superseded",
      field: "code",
      message: "The agency code H04.15 is closed; H04.20 took its place.",
    },
    {
      code: "agency_code_superseded",
      field: "processingUnit.code",
      message: "The agency code H04.15 is closed; H04.20 took its place.",
    },
  ]);
  const dates = { submittedAt: "2026-10-30T08:00:00+07:00", receivedAt: "2026-10-30T09:00:00+07:00" };
  const old = await put("H04.15-261030-0001", { processingUnit: unit, ...dates });
  expect(old.body.warnings).toEqual([]);
  const kept = (await scene.call<DossierDetail>("GET", "/v1/dossiers/H04.15-261030-0001")).body;
  expect(kept.dossier.processingUnit).toEqual(unit);
});

test("a transfer to a closed agency is told its successor", async () => {
  await put("H04.20-261120-0002", { processingUnit: { code: "H04.20", name: "Sở Công Thương" } });
  const event = eventBody("e1", { toUnit: { code: "H61.227", name: "UBND xã" } });
  const answer = await scene.call<EventAccepted>("POST", "/v1/dossiers/H04.20-261120-0002/events", event);
  expect(answer.body.warnings.map(({ code, field }) => `${field} ${code}`)).toEqual([
    "toUnit.code agency_code_superseded",
  ]);
});

test("a closed code still owns what it put: the boundary does not ask the list", async () => {
  expect((await put("H04.15-261120-0003", {}, "industry")).status).toBe(202);
  const own = await scene.call("GET", "/v1/dossiers/H04.15-261120-0003", undefined, { client: "industry" });
  const foreign = await scene.call("GET", "/v1/dossiers/H04.15-261120-0003", undefined, { client: "health" });
  expect([own.status, foreign.status]).toEqual([200, 404]);
});

test("a list with faults is refused, naming each, and the one before stays", async () => {
  const codes = [
    { code: "H04", name: "x" },
    { code: "000.00.00.H04", name: "x" },
    { code: "H61", name: "x", validTo: "2025-06-30", successor: "H61" },
    { code: "H62", name: "x", successor: "H04" },
    { code: "H 63", name: "x" },
    { code: "H64", name: "x", validTo: "30/6/2025", closed: true },
  ];
  await scene.refuses("PUT", PATH, { codes }, [
    "codes[1].code not_allowed",
    "codes[2].successor not_allowed",
    "codes[3].validTo required",
    "codes[4].code invalid_agency_code",
    "codes[5].closed unknown_field",
    "codes[5].validTo invalid_format",
  ]);
  await scene.refuses("GET", `${PATH}?limit=0`, undefined, ["limit out_of_range"]);
  await scene.refuses("GET", `${PATH}?code=H%2004`, undefined, ["code invalid_agency_code"]);
  expect((await list()).body.items).toHaveLength(4);
});
