import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { dossierBody } from "../gateway-scene.ts";
import { type ApiScene, codeOf, faultsOf, openApiScene } from "./api-scene.ts";
import { dossierCalls } from "./dossier-calls.ts";

let scene: ApiScene;
const { nextCode, put, exchangeOf, entries, states, detail } = dossierCalls(() => scene);

beforeAll(async () => {
  scene = await openApiScene();
});
afterEach(() => scene.portal.dial.clear());
afterAll(() => scene.close());

test("a first put is committed with its exchange, delivered, and read back as it was put", async () => {
  const code = nextCode();
  const body = dossierBody({ note: "Ghi chú", fees: [], vneidVerified: true });
  const answer = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${code}`, body);
  const id = answer.body.exchanges[0]?.id ?? "";
  expect([answer.status, answer.body]).toEqual([
    202,
    {
      dossierCode: code,
      exchanges: [{ id, platform: "national-portal", operation: "dossier.put", state: "queued" }],
      warnings: [],
    },
  ]);
  await scene.drained();
  const read = await detail(code);
  expect(read).toMatchObject({ code, status: "accepted", owner: "H04", dossier: body, timeline: [] });
  expect(read.dossier).toEqual(body);
  expect(read.sync).toEqual([{ platform: "national-portal", state: "synced", lastDeliveredAt: expect.any(String) }]);
  expect(scene.portal.state.dossiers.get(code)?.hoSo.GhiChu).toBe("Ghi chú");
});

test("text is brought to NFC, so that both spellings of a name are one body", async () => {
  const code = nextCode();
  const applicant = (form: string) => ({ ...dossierBody().applicant, name: "Nguyễn Thị Ví Dụ".normalize(form) });
  const first = await exchangeOf(code, { applicant: applicant("NFD") });
  expect((await detail(code)).dossier.applicant.name).toBe("Nguyễn Thị Ví Dụ".normalize("NFC"));
  expect((await exchangeOf(code, { applicant: applicant("NFC") }))?.id).toBe(first?.id);
});

test("a body equal to the last accepted one makes no new exchange and names the existing one with its state", async () => {
  const code = nextCode();
  const first = await exchangeOf(code);
  await scene.drained();
  const reordered = Object.fromEntries(Object.entries(dossierBody()).toReversed());
  const again = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${code}`, reordered);
  expect(again.body.exchanges).toEqual([{ ...first, state: "delivered" }]);
  expect(await states(code)).toEqual(["dossier.put delivered"]);
  expect(scene.portal.state.dossiers.get(code)?.updates).toBe(0);
});

test("an equal body is the last one only: going back to an earlier body is a change", async () => {
  const code = nextCode();
  await put(code);
  await scene.drained();
  await put(code, { note: "khác" });
  await scene.drained();
  await put(code);
  await scene.drained();
  expect(await states(code)).toEqual(Array.from({ length: 3 }, () => "dossier.put delivered"));
});

test("an equal body whose exchange failed makes a new exchange", async () => {
  const code = nextCode();
  scene.portal.dial.set({ fault: "error-body", service: "DongBoHoSoMC", code: "3", message: "Từ chối", times: 1 });
  const first = await exchangeOf(code);
  await scene.drained();
  expect(await states(code)).toEqual(["dossier.put failed"]);
  const second = await exchangeOf(code);
  expect(second?.id).not.toBe(first?.id);
  await scene.drained();
  expect(await states(code)).toEqual(["dossier.put superseded", "dossier.put delivered"]);
});

test("an equal body whose exchange was cancelled makes a new exchange", async () => {
  await scene.stopDispatch();
  const code = nextCode();
  const first = await exchangeOf(code);
  await scene.call("POST", `/v1/ledger/${first?.id}/cancel`, { reason: "nhầm" });
  const second = await exchangeOf(code);
  expect(second?.id).not.toBe(first?.id);
  expect(await states(code)).toEqual(["dossier.put cancelled", "dossier.put queued"]);
  scene.startDispatch();
  await scene.drained();
});

test("a lower revision is a conflict; an equal or higher one, or none, is taken", async () => {
  const code = nextCode();
  expect((await put(code, { revision: 7 })).status).toBe(202);
  const lower = await scene.storesNothing(() =>
    scene.call("PUT", `/v1/dossiers/${code}`, dossierBody({ revision: 6 })),
  );
  expect([lower.status, lower.body.code]).toEqual([409, "conflict"]);
  for (const parts of [{ revision: 7, note: "a" }, { revision: 9 }, { note: "b" }]) {
    expect((await put(code, parts)).status).toBe(202);
  }
  expect((await put(code, { revision: 8 })).status).toBe(409);
  await scene.drained();
});

test("a dossier that the platform already holds is recorded without sending, and its next put is an update", async () => {
  const [code, other] = [nextCode(), nextCode()];
  await put(other);
  await scene.drained();
  const known = await put(code, {}, "?known=true");
  expect([known.status, known.body.exchanges]).toEqual([202, []]);
  expect(await entries(code)).toEqual([]);
  expect((await detail(code)).sync).toEqual([{ platform: "national-portal", state: "synced" }]);
  await put(other, {}, "?known=true");
  const before = scene.portal.calls.count("ok", "DongBoHoSoMC");
  await put(other, { note: "bổ sung" });
  await scene.drained();
  expect(scene.portal.calls.count("ok", "DongBoHoSoMC")).toBe(before + 1);
  expect(scene.portal.calls.count("exists", "DongBoHoSoMC")).toBe(0);
  expect(scene.portal.state.dossiers.get(other)?.updates).toBe(1);
});

test("what is implausible is told and does not stop the call", async () => {
  const body = dossierBody({
    applicant: {
      ...dossierBody().applicant,
      identities: [
        { kind: "personal-id", value: "999399000001" },
        { kind: "enterprise-code", value: "0100109106-001" },
      ],
    },
    submitter: {
      name: "Lê Văn Nộp",
      identities: [{ kind: "personal-id", value: "999199000001" }],
      relation: "authorised",
    },
  });
  const answer = await scene.call<DossierAccepted>("PUT", "/v1/dossiers/H25.15-261399-0001", body, {
    headers: { "accept-language": "en" },
  });
  expect(answer.status).toBe(202);
  expect(answer.body.warnings.map(({ field, code }) => `${field} ${code}`).toSorted()).toEqual([
    "applicant.identities[0].value birth_year_in_future",
    "applicant.identities[0].value unknown_province_prefix",
    "code foreign_province",
    "code implausible_date",
    "submitter.identities[0].value unknown_province_prefix",
  ]);
  expect(answer.body.warnings[0]?.message).toMatch(/^[\x20-\x7e]+$/u);
  await scene.drained();
});

test("a status that does not usually follow is told and does not stop the call", async () => {
  const code = nextCode();
  await put(code, { status: "finished" });
  const back = await put(code, { status: "processing" });
  expect([back.status, back.body.warnings.map(({ code: warning }) => warning)]).toEqual([202, ["unusual_transition"]]);
  await scene.drained();
});

test("the limits of the portal are checked at accept, by our own field names, and nothing is cut", async () => {
  const code = nextCode();
  const file = { id: "1", url: "https://files.example.vn/1" };
  const long = {
    summary: "s".repeat(1001),
    note: "n".repeat(2001),
    submittedFiles: [
      { ...file, name: "f".repeat(4000) },
      { ...file, name: "f".repeat(4001) },
    ],
    otherPapers: [{ name: "p".repeat(2001), quantity: 1, kind: "bản chính" }],
  };
  const refused = await scene.storesNothing(() => scene.call("PUT", `/v1/dossiers/${code}`, dossierBody(long)));
  expect([refused.status, refused.body.code]).toEqual([400, "invalid_request"]);
  expect(faultsOf(refused.body)).toEqual([
    "note profile_limit",
    "otherPapers[0].name profile_limit",
    "submittedFiles[1].name profile_limit",
    "summary profile_limit",
  ]);
  const fits = { summary: "s".repeat(1000), note: "n".repeat(2000) };
  expect((await put(code, fits)).status).toBe(202);
  await scene.drained();
  expect(scene.portal.state.dossiers.get(code)?.hoSo.TrichYeuHoSo).toHaveLength(1000);
});

test("a status without a mapping is refused at accept", async () => {
  const own = await openApiScene({ settings: { NATIONAL_PORTAL_STATUS_MAP: '{"withdrawn":null}' }, dispatch: false });
  const refused = await own.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody({ status: "withdrawn" }));
  expect([refused.status, faultsOf(refused.body)]).toEqual([400, ["status no_mapping"]]);
  await own.close();
});
