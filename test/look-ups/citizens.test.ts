import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CitizenAnswer } from "../../contracts/services/citizens.ts";
import { rows } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf, faultsOf } from "../http/api-scene.ts";
import { CITIZEN, type LookUpScene, lookupBody, openLookUpScene } from "./look-up-scene.ts";

let scene: LookUpScene;
beforeAll(async () => {
  scene = await openLookUpScene();
  await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
  await scene.call("PUT", `/v1/dossiers/${codeOf(2)}`, dossierBody(), { client: "health" });
});
afterAll(() => scene.close());
afterEach(() => scene.population.dial.clear());

const asked = () => scene.population.registry.asked.length;

test("a citizen who matches is answered without any field until a policy releases some", async () => {
  const none = await scene.lookUp<CitizenAnswer>(lookupBody({ procedureCode: "2.000592" }));
  expect(none.status).toBe(409);
  const plain = await scene.lookUp<CitizenAnswer>(lookupBody());
  expect([plain.status, plain.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(plain.body).toEqual({ outcome: "matched", requestId: expect.stringMatching(/^[0-9a-f]{32}$/u) });

  expect((await scene.allow(["fullName", "permanentResidence", "spouse"])).status).toBe(200);
  const { body } = await scene.lookUp<CitizenAnswer>(lookupBody());
  expect(Object.keys(body.citizen ?? {}).sort()).toEqual(["fullName", "permanentResidence"]);
  const narrow = await scene.lookUp<CitizenAnswer>(lookupBody({ fields: ["fullName", "gender"] }));
  expect(Object.keys(narrow.body.citizen ?? {})).toEqual(["fullName"]);
});

test("the registry is told the officer, the agency and the procedure from token and dossier", async () => {
  await scene.lookUp(lookupBody({ procedureCode: "2.000591" }), { officer: { sub: "CB-77", agency: "000.00.16.H04" } });
  const [record] = await scene.records("officer=CB-77");
  expect(record).toMatchObject({
    officer: { code: "CB-77", name: "Lê Thị Cán Bộ" },
    agency: "H04.16",
    dossierCode: codeOf(1),
    procedureCode: "2.000591",
    purpose: "processing-verification",
    dossierMissing: false,
    platform: "population",
    kind: "citizen.lookup",
    end: { outcome: "matched", upstreamIds: [record?.id] },
  });
  expect(record?.subject).toBe("•••••••••001");
});

test("nobody of this number, and somebody with other data, are both not matched", async () => {
  for (const parts of [{ personalId: "099205000009" }, { fullName: "Nguyễn Văn Khác" }, { birthDate: "2005-02-01" }]) {
    const { status, body } = await scene.lookUp<CitizenAnswer>(lookupBody(parts));
    expect([status, body.outcome, body.citizen]).toEqual([200, "not-matched", undefined]);
  }
  const year = { personalId: undefined, birthDate: undefined, oldId: "099000004", birthYear: 1940 };
  const { body } = await scene.lookUp<CitizenAnswer>(lookupBody({ ...year, fullName: "Đặng Thị Được" }));
  expect(body.outcome).toBe("matched");
});

test("what XML gives a meaning to is data in a name", async () => {
  const { body } = await scene.lookUp<CitizenAnswer>(
    lookupBody({ personalId: "099190000005", fullName: `H' Vĩ & <Dụ> Ê-ban`, birthDate: "1990-02-28" }),
  );
  expect(body.outcome).toBe("not-matched");
  const injected = await scene.lookUp<CitizenAnswer>(
    lookupBody({ fullName: `Mẫu</HoVaTen><SoDinhDanh>099075000002</SoDinhDanh>` }),
  );
  expect(injected.body.outcome).toBe("not-matched");
});

describe("bad input is refused and asks nobody", () => {
  const refusals: Readonly<Record<string, [unknown, string[]]>> = {
    "a batch": [[lookupBody()], [" wrong_type"]],
    "a purpose that is not listed": [lookupBody({ purpose: "curiosity" }), ["purpose not_allowed"]],
    "several numbers at once": [lookupBody({ personalId: ["099205000001"] }), ["personalId wrong_type"]],
    "a wildcard in the name": [lookupBody({ fullName: "Nguyễn%" }), ["fullName invalid_format"]],
    "nothing but a wildcard": [lookupBody({ fullName: "*" }), ["fullName invalid_format"]],
    "an unknown field": [lookupBody({ maCanBo: "CB-9" }), ["maCanBo unknown_field"]],
    "a field that no citizen has": [lookupBody({ fields: ["*"] }), ["fields[0] not_allowed"]],
    "no number": [lookupBody({ personalId: undefined }), ["personalId required"]],
    "both numbers": [lookupBody({ oldId: "099000004" }), ["oldId not_allowed"]],
    "no birth date": [lookupBody({ birthDate: undefined }), ["birthDate required"]],
    "a day that does not exist": [lookupBody({ birthDate: "2005-02-30" }), ["birthDate invalid_date"]],
    "a number of equal digits": [lookupBody({ personalId: "1".repeat(12) }), ["personalId invalid_personal_id"]],
  };
  for (const [name, [body, faults]] of Object.entries(refusals)) {
    test(name, async () => {
      const before = asked();
      const token = await scene.officer();
      const answer = await scene.storesNothing(() => scene.lookUp(body, { token }));
      expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
      expect(faultsOf(answer.body)).toEqual(faults);
      expect(asked()).toBe(before);
    });
  }
});

test("a look-up for another procedure than the dossier's, or for others' dossier, is refused, recorded, and asks nobody", async () => {
  const before = asked();
  const other = await scene.lookUp(lookupBody({ procedureCode: "1.005129" }), { officer: { sub: "CB-R" } });
  expect([other.status, other.body.code]).toEqual([409, "conflict"]);
  const foreign = { officer: { sub: "CB-R", iss: "industry" } };
  expect((await scene.lookUp(lookupBody({ dossierCode: codeOf(2) }), foreign)).status).toBe(404);
  expect(asked()).toBe(before);
  const ends = (await scene.records("officer=CB-R")).map(({ end }) => [end?.outcome, end?.errorCode]);
  expect(ends).toEqual([
    ["refused", "not_found"],
    ["refused", "conflict"],
  ]);
});

test("a dossier not yet put may be asked for at its intake alone, for a procedure of the catalogue, and the record says so", async () => {
  const intake = { dossierCode: codeOf(9), purpose: "intake-verification", procedureCode: "1.009999" };
  expect((await scene.lookUp(lookupBody(intake))).status).toBe(409);
  await scene.mirror("1.009999");
  expect((await scene.lookUp(lookupBody({ ...intake, purpose: "correction" }))).status).toBe(404);
  const { status } = await scene.lookUp(lookupBody({ ...intake, procedureCode: "1.009999.000.00.00.H04" }));
  expect(status).toBe(200);
  const [record] = await scene.records(`dossierCode=${codeOf(9)}&outcome=matched`);
  expect(record).toMatchObject({ dossierMissing: true, purpose: "intake-verification" });
});

describe("a fault of the registry", () => {
  const faults = {
    "a time-out": [{ fault: "latency", ms: 3000, times: 1 }, 504, "upstream_timeout"],
    "a connection that closes": [{ fault: "close", times: 1 }, 503, "upstream_unavailable"],
    "a page in HTML": [{ fault: "html", times: 1 }, 502, "upstream_malformed"],
    "a DOCTYPE": [{ fault: "doctype", times: 1 }, 502, "upstream_malformed"],
    "an answer cut short": [{ fault: "truncated", times: 1 }, 502, "upstream_malformed"],
    "an X-Road network fault": [
      { fault: "xroad", code: "Server.ServerProxy.NetworkError", times: 1 },
      503,
      "upstream_unavailable",
    ],
    "a readable refusal": [
      { fault: "soap-fault", code: "soapenv:Client", text: `Không có quyền ${CITIZEN.fullName}`, times: 1 },
      422,
      "upstream_rejected",
    ],
  } as const;
  for (const [name, [rule, status, code]] of Object.entries(faults)) {
    test(`${name} is ${code}, is recorded, and is never "not matched"`, async () => {
      scene.population.dial.set([rule]);
      const answer = await scene.lookUp(lookupBody(), { officer: { sub: "CB-F" } });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.text).not.toContain(CITIZEN.fullName);
      const [record] = await scene.records("officer=CB-F");
      expect(record?.end).toMatchObject({ outcome: "failed", errorCode: code, fields: [] });
    });
  }
});

test("access records are append-only, and one that cannot be written releases nothing", async () => {
  for (const statement of ["update access_records set client = 'x'", "delete from access_record_ends"]) {
    await expect(scene.database.execute(sql.raw(statement))).rejects.toThrow();
  }
  const before = asked();
  await scene.database.execute(
    sql.raw("alter table access_records add constraint away check (officer <> 'CB-X') not valid"),
  );
  const unrecorded = await scene.lookUp(lookupBody(), { officer: { sub: "CB-X" } });
  expect([unrecorded.status, unrecorded.body.code, asked()]).toEqual([500, "internal", before]);
  await scene.database.execute(sql.raw("alter table access_records drop constraint away"));
  await scene.database.execute(
    sql.raw("alter table access_record_ends add constraint away check (outcome <> 'matched') not valid"),
  );
  const unended = await scene.lookUp(lookupBody(), { officer: { sub: "CB-Y" } });
  expect([unended.status, unended.text.includes("matched")]).toEqual([500, false]);
  await scene.database.execute(sql.raw("alter table access_record_ends drop constraint away"));
  expect((await scene.records("officer=CB-Y"))[0]?.end).toBeUndefined();
});

test("records answer a citizen's question within the reader's agency", async () => {
  const subject = `subject=${CITIZEN.personalId}`;
  const all = await scene.records(subject);
  expect(all.length).toBeGreaterThan(3);
  expect(new Set(all.map(({ agency }) => agency))).toEqual(new Set(["H04.15", "H04.16"]));
  const health = await scene.records(subject, "health");
  expect(health.map(({ agency }) => agency)).toEqual(["H04.16"]);
  expect(await scene.records("subject=099205000777")).toEqual([]);
  const spaced = await scene.records(`subject=${encodeURIComponent("099 205 000 001")}`);
  expect(spaced).toHaveLength(all.length);
  expect((await scene.call("GET", "/v1/access-records", undefined, { client: "reader" })).status).toBe(403);
  const first = await scene.call<{ next: string }>("GET", `/v1/access-records?${subject}&limit=2`);
  const second = await scene.records(`${subject}&limit=2&cursor=${first.body.next}`);
  expect(second.map(({ id }) => id)).toEqual(all.slice(2, 4).map(({ id }) => id));
});

test("an officer has so many look-ups in an hour, whatever the process and however they come together", async () => {
  const limited = await openLookUpScene({ settings: { LOOKUPS_PER_OFFICER_HOUR: "5" } });
  try {
    await limited.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
    const token = await limited.officer();
    const together = await Promise.all(Array.from({ length: 9 }, () => limited.lookUp(lookupBody(), { token })));
    expect(together.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429]);
    const refused = await limited.lookUp(lookupBody());
    expect([refused.status, refused.body.code]).toEqual([429, "rate_limited"]);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect((await limited.lookUp(lookupBody(), { officer: { sub: "CB-2" } })).status).toBe(200);
    await limited.database.execute(sql`update officer_look_ups set since = since - interval '61 minutes'`);
    expect((await limited.lookUp(lookupBody())).status).toBe(200);
    const [kept] = await rows<{ used: number }>(
      limited.database,
      sql`select used from officer_look_ups where officer = 'CB-001'`,
    );
    expect(kept?.used).toBe(1);
  } finally {
    await limited.close();
  }
});
