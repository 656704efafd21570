import { afterAll, beforeAll, expect, test } from "vitest";
import { dossierBody, eventBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, openApiScene } from "./api-scene.ts";

let scene: ApiScene;
const path = `/v1/dossiers/${codeOf(1)}`;

beforeAll(async () => {
  scene = await openApiScene({ dispatch: false });
  await scene.call("PUT", path, dossierBody());
});
afterAll(() => scene.close());

const applicant = dossierBody().applicant;
const identity = (kind: string, value: string) => ({ applicant: { ...applicant, identities: [{ kind, value }] } });
const fee = (amount: unknown) => ({ fees: [{ code: "P1", name: "Phí", kind: "fee", amount, collectedAt: "intake" }] });
const file = (url: string) => ({ submittedFiles: [{ id: "1", name: "Đơn.pdf", url }] });

const DOSSIERS: [string, object, string[]][] = [
  ["a required field that is absent", { procedureCode: undefined }, ["procedureCode required"]],
  ["a wrong type", { summary: 7 }, ["summary wrong_type"]],
  ["null where a text is wanted", { summary: null }, ["summary wrong_type"]],
  ["an object where a list is wanted", { fees: {} }, ["fees wrong_type"]],
  ["a flag as text", { vneidVerified: "true" }, ["vneidVerified wrong_type"]],
  ["an unknown status", { status: "done" }, ["status not_allowed"]],
  ["a national status code", { status: "4" }, ["status not_allowed"]],
  ["an unknown channel", { channel: "phone" }, ["channel not_allowed"]],
  ["an empty text", { summary: "" }, ["summary too_short"]],
  ["a time without offset", { receivedAt: "2026-11-20T09:15:00" }, ["receivedAt offset_required"]],
  ["a date for a time", { receivedAt: "2026-11-20" }, ["receivedAt invalid_instant"]],
  ["a day that does not exist", { receivedAt: "2026-02-30T09:15:00+07:00" }, ["receivedAt invalid_instant"]],
  ["a time as a number", { receivedAt: 1_764_000_000 }, ["receivedAt wrong_type"]],
  ["a control character", { note: "dòng\u0007chuông" }, ["note control_character"]],
  ["a carriage return", { note: "dòng\r\nhai" }, ["note control_character"]],
  ["a NUL in a name", { applicant: { ...applicant, name: "A\u0000B" } }, ["applicant.name control_character"]],
  ["half a surrogate pair", { note: "\ud800" }, ["note not_unicode"]],
  ["an unknown field", { colour: "red" }, ["colour unknown_field"]],
  ["an unknown field deep inside", { applicant: { ...applicant, age: 30 } }, ["applicant.age unknown_field"]],
  ["a procedure code of no known shape", { procedureCode: "2000591" }, ["procedureCode invalid_procedure_code"]],
  [
    "a personal id of 11 digits",
    identity("personal-id", "00119900000"),
    ["applicant.identities[0].value invalid_personal_id"],
  ],
  [
    "a personal id of equal digits",
    identity("personal-id", "111111111111"),
    ["applicant.identities[0].value invalid_personal_id"],
  ],
  ["an old id of 12 digits", identity("old-id", "001199000001"), ["applicant.identities[0].value invalid_old_id"]],
  [
    "an enterprise code with a wrong check digit",
    identity("enterprise-code", "0100109107"),
    ["applicant.identities[0].value wrong_check_digit"],
  ],
  [
    "an enterprise code of nine digits",
    identity("enterprise-code", "010010910"),
    ["applicant.identities[0].value invalid_enterprise_code"],
  ],
  ["an unknown kind of identity", identity("visa", "1"), ["applicant.identities[0].kind not_allowed"]],
  ["money below zero", fee(-1), ["fees[0].amount out_of_range"]],
  ["money with a fraction", fee(1.5), ["fees[0].amount wrong_type"]],
  ["money as text", fee("1000"), ["fees[0].amount wrong_type"]],
  ["money beyond 2^53-1", fee(2 ** 53), ["fees[0].amount out_of_range"]],
  ["an address that is no web address", file("ftp://files.example.vn/1"), ["submittedFiles[0].url invalid_url"]],
  [
    "an address with a password in it",
    file("https://user:word@files.example.vn/1"),
    ["submittedFiles[0].url invalid_url"],
  ],
  [
    "several faults at once, all named",
    { status: "x", summary: undefined, colour: 1 },
    ["colour unknown_field", "status not_allowed", "summary required"],
  ],
];

test.for(DOSSIERS)("a dossier with %s is refused and the field named", async ([, parts, faults]) => {
  await scene.refuses("PUT", path, dossierBody(parts as Record<string, unknown>), faults);
});

const EVENTS: [string, object, string[]][] = [
  ["an absent eventId", { eventId: undefined }, ["eventId required"]],
  ["an officer without name", { officer: { title: "Công chức" } }, ["officer.name required"]],
  ["an unknown kind", { kind: "dance" }, ["kind not_allowed"]],
  ["a time without offset", { occurredAt: "2026-11-20T14:10:00" }, ["occurredAt offset_required"]],
  ["an unknown field", { place: "Cao Bằng" }, ["place unknown_field"]],
  ["an extension without newDueAt", { kind: "extension", reason: "thiếu ý kiến" }, ["newDueAt required"]],
  ["an extension without reason", { kind: "extension", newDueAt: "2026-12-05T17:00:00+07:00" }, ["reason required"]],
  ["a refusal without reason", { kind: "refusal" }, ["reason required"]],
  ["a stop without reason", { kind: "stop" }, ["reason required"]],
  ["a correction without reason", { kind: "correction" }, ["reason required"]],
  ["a slip without number", { slip: { form: "04", issuedAt: "2026-11-20T14:10:00Z" } }, ["slip.number required"]],
];

test.for(EVENTS)("a step with %s is refused and the field named", async ([, parts, faults]) => {
  await scene.refuses("POST", `${path}/events`, eventBody("e", parts as Record<string, unknown>), faults);
});

test.for(["H04.15", "H4.15-261120-0001", "H04.15-26112-0001", "h04.15-261120-0001", "H04.15-261120-1", "x", "a%2Fb"])(
  "the dossier code %s has no known shape and is refused for PUT and steps",
  async (code) => {
    await scene.refuses("PUT", `/v1/dossiers/${code}`, dossierBody(), ["code invalid_dossier_code"]);
    await scene.refuses("POST", `/v1/dossiers/${code}/events`, eventBody("e"), ["code invalid_dossier_code"]);
  },
);

test("a setting adds shapes of dossier codes, from end to end", async () => {
  const own = await openApiScene({ dispatch: false, settings: { DOSSIER_CODE_PATTERN: "HS\\d{6}" } });
  expect((await own.call("PUT", "/v1/dossiers/HS000001", dossierBody())).status).toBe(202);
  expect((await own.call("PUT", "/v1/dossiers/HS0000012", dossierBody())).status).toBe(400);
  expect((await own.call("PUT", path, dossierBody())).status).toBe(202);
  await own.close();
});

test("a body that is no JSON, no UTF-8, half a JSON or nothing is malformed", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const latin = new Uint8Array([...bytes('{"summary":"'), 0xe9, ...bytes('"}')]);
  for (const body of ["{", "", "undefined", "{'a':1}", JSON.stringify(dossierBody()).slice(0, -1), latin]) {
    await scene.refuses("PUT", path, body, [" malformed_json"]);
  }
});

test("a body that is JSON but no object is refused", async () => {
  for (const body of ["null", "[]", '"text"', "7", "true"]) await scene.refuses("PUT", path, body, [" wrong_type"]);
});

test("JSON that no computer should be asked to walk is refused like any other", async () => {
  const deep = `${"[".repeat(300_000)}${"]".repeat(300_000)}`;
  const headers = { "idempotency-key": "deep" };
  await scene.refuses("PUT", path, deep, [" wrong_type"], { headers });
  const infinite = JSON.stringify(dossierBody({ revision: 7 })).replace(":7", ":1e400");
  await scene.refuses("PUT", path, infinite, ["revision wrong_type"], { headers });
  const trap = JSON.stringify(dossierBody()).replace("{", '{"__proto__":{"status":"x"},"constructor":1,');
  await scene.refuses("PUT", path, trap, ["__proto__ unknown_field", "constructor unknown_field"]);
});

test("a body with thousands of faults names the first hundred", async () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x${i}`, 1]));
  const { status, body } = await scene.call("PUT", path, dossierBody(many));
  expect([status, body.errors?.length]).toEqual([400, 100]);
});

test("another media type than JSON in UTF-8 is refused", async () => {
  for (const type of [
    "text/plain",
    "application/xml",
    "application/json; charset=iso-8859-1",
    "application/jsonp",
    "",
  ]) {
    const options = { headers: { "content-type": type } };
    const { status, body } = await scene.storesNothing(() => scene.call("PUT", path, dossierBody(), options));
    expect([type, status, body.code]).toEqual([type, 415, "unsupported_media_type"]);
  }
  for (const type of ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']) {
    expect((await scene.call("PUT", path, dossierBody(), { headers: { "content-type": type } })).status).toBe(202);
  }
});

const stream = (chunk: Uint8Array, times: number): { body: ReadableStream; taken: () => number } => {
  let taken = 0;
  const pull = (controller: ReadableStreamDefaultController) => {
    taken += 1;
    if (taken > times) controller.close();
    else controller.enqueue(chunk);
  };
  return { body: new ReadableStream({ pull }, { highWaterMark: 0 }), taken: () => taken };
};

test("a body over 1 MiB is refused by what it says and by what it is, and is not read to its end", async () => {
  const large = JSON.stringify(dossierBody({ note: "x".repeat(2 * 1024 * 1024) }));
  const said = { headers: { "content-length": String(large.length) } };
  const bySize = await scene.storesNothing(() => scene.call("PUT", path, large, said));
  expect([bySize.status, bySize.body.code]).toEqual([413, "payload_too_large"]);

  const headers = { authorization: `Bearer ${await scene.token()}`, "content-type": "application/json" };
  const { body, taken } = stream(new Uint8Array(64 * 1024).fill(32), 1000);
  const chunked = await scene.send(path, { method: "PUT", headers, body, duplex: "half" } as RequestInit);
  expect([chunked.status, chunked.body.code]).toEqual([413, "payload_too_large"]);
  expect(taken()).toBeLessThan(30);
});

test("a body of 1 MiB is read, and one byte more is too much", async () => {
  const text = JSON.stringify(dossierBody());
  const padding = 1024 * 1024 - Buffer.byteLength(text);
  expect((await scene.call("PUT", path, text + " ".repeat(padding))).status).toBe(202);
  expect((await scene.call("PUT", path, text + " ".repeat(padding + 1))).status).toBe(413);
});
