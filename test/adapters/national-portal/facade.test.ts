import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../adapters/national-portal/faults.ts";
import { FACADE_ANSWER } from "../../../adapters/national-portal/profiles/lgsp-facade/facade-client.ts";
import { createNationalPortal } from "../../../mocks/national-portal/create-national-portal.ts";
import { FACADE_ONE_ADDRESS } from "../../../mocks/national-portal/facade.ts";
import { serve } from "../../../mocks/server.ts";
import { fetchTransport, json, type Reply, scripted, scriptedCall } from "../call-context.ts";
import { openPortal } from "./open-portal.ts";
import {
  absent,
  code,
  done,
  dossier,
  duplicate,
  procedure,
  putMessage,
  statusMessage,
  stepMessage,
} from "./samples.ts";

const FACADE = "https://lgsp.test/KetNoiMotCuaQuocGia";
const settings = {
  NATIONAL_PORTAL_PROFILE: "lgsp-facade",
  NATIONAL_PORTAL_CREATE_URL: `${FACADE}/ThemMoi`,
  NATIONAL_PORTAL_UPDATE_URL: `${FACADE}/CapNhat`,
  NATIONAL_PORTAL_PROGRESS_URL: `${FACADE}/DongBoTienTrinh`,
  NATIONAL_PORTAL_STATUS_URL: `${FACADE}/DongBoTrangThaiHoSoKM`,
  NATIONAL_PORTAL_READ_URL: FACADE,
};
/** The answer of a read: that of shape A as text inside `message` (np 5.5). */
const wrapped = (answer: object) => json({ error_code: "0", message: JSON.stringify(answer) });
const refused = { error_code: "3", message: "Thiếu mã lĩnh vực" };

const perform = async (
  message: Parameters<ReturnType<typeof openPortal>["perform"]>[0],
  replies: Reply[],
  more = {},
) => {
  const { transport, requests } = scripted(...replies);
  const call = scriptedCall(transport, { correlationId: "c-42" });
  const outcome = await openPortal({ ...settings, ...more }).perform(message, call);
  return { outcome, requests, call };
};

describe("over the façade", () => {
  test("a dossier is a question for its procedure and a bare list at the address for new ones", async () => {
    const { outcome, requests } = await perform(putMessage(), [wrapped(procedure), json(done)]);
    expect(outcome).toEqual({ delivered: true });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${FACADE}/LayThuTuc?maTTHC=1.000001.H99`,
      `POST ${FACADE}/ThemMoi`,
    ]);
    expect(JSON.parse(requests[1]?.body ?? "")).toEqual([
      expect.objectContaining({ MaHoSo: code, TenTTHC: "Cấp bản sao thử nghiệm", MaLinhVuc: "G15-HT01" }),
    ]);
    expect(requests[1]?.headers).toEqual({
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-Correlation-Id": "c-42",
    });
  });

  test("a known dossier goes to the address for updates, a step and a status to theirs", async () => {
    const update = await perform(putMessage({ known: true }), [wrapped(procedure), json(done)]);
    const step = await perform(stepMessage(), [json(done)]);
    const status = await perform(statusMessage("finished"), [json(done)]);
    const last = [update, step, status].map(({ requests }) => requests.at(-1));
    expect(last.map((request) => request?.url)).toEqual(
      ["CapNhat", "DongBoTienTrinh", "DongBoTrangThaiHoSoKM"].map((name) => `${FACADE}/${name}`),
    );
    expect(JSON.parse(last[1]?.body ?? "")).toEqual([expect.objectContaining({ NguoiXuLy: "Lê Văn Mẫu" })]);
    expect(JSON.parse(last[2]?.body ?? "")).toMatchObject({ MaHoSo: "G22.99-261119-0001", TrangThai: "2" });
  });

  test("without an address for updates one address takes both, told apart in the query", async () => {
    const one = {
      NATIONAL_PORTAL_CREATE_URL: "https://lgsp.test/api/DongBoHoSoMC?tinh=22",
      NATIONAL_PORTAL_UPDATE_URL: "",
      NATIONAL_PORTAL_MADONVI: "000.00.01.H22",
    };
    const create = await perform(putMessage(), [wrapped(procedure), json(done)], one);
    const update = await perform(putMessage({ known: true }), [wrapped(procedure), json(done)], one);
    expect([create, update].map(({ requests }) => requests[1]?.url)).toEqual(
      ["False", "True"].map(
        (flag) => `https://lgsp.test/api/DongBoHoSoMC?tinh=22&MaDinhDanhDV=000.00.01.H22&isUpdating=${flag}`,
      ),
    );
  });

  test("the façade with one address holds a dossier that was created and updated there", async () => {
    let sessions = 0;
    const simulator = createNationalPortal({
      now: () => new Date("2026-11-20T02:15:00Z"),
      newSession: () => `s-${++sessions}`,
      facadeAuthorization: "",
    });
    const served = await serve(simulator.app);
    const portal = openPortal({
      ...settings,
      NATIONAL_PORTAL_CREATE_URL: served.url + FACADE_ONE_ADDRESS,
      NATIONAL_PORTAL_UPDATE_URL: "",
      NATIONAL_PORTAL_READ_URL: `${served.url}/KetNoiMotCuaQuocGia/LayThuTuc`,
      AGENCY_CODE: "000.00.00.H04",
    });
    const message = putMessage({ dossier: { ...dossier, procedureCode: "2.000591" } });
    for (const known of [false, true]) {
      expect(await portal.perform({ ...message, known }, scriptedCall(fetchTransport))).toEqual({ delivered: true });
    }
    expect(simulator.state.dossiers.get(code)).toMatchObject({ updates: 1 });
    await served.close();
  });

  test("its authorization goes out as it is configured and is kept nowhere", async () => {
    const secret = { NATIONAL_PORTAL_AUTHORIZATION: ["Bearer", "hush-0123"].join(" ") };
    const echo = json({ error_code: "3", message: "Sai: Bearer hush-0123, hush-0123" });
    const { outcome, requests, call } = await perform(stepMessage(), [echo], secret);
    expect(requests[0]?.headers["Authorization"]).toBe("Bearer hush-0123");
    expect(
      JSON.stringify([outcome, call.attempts.map(({ evidence, answerEvidence }) => [evidence, answerEvidence])]),
    ).not.toContain("hush-0123");
  });

  test.each([401, 403])("HTTP %i is a matter of the settings: transient, nothing renewed", async (status) => {
    const { outcome, requests } = await perform(stepMessage(), [json({ error_code: "-1", message: "x" }, status)]);
    expect(outcome).toMatchObject({ fault: { outcome: "transient", code: "upstream_unavailable" } });
    expect(outcome.delivered ? "" : outcome.fault.message).toContain("check the settings");
    expect(requests).toHaveLength(1);
  });

  test("without an address for statuses a portal-born dossier is refused at accept", () => {
    const portal = openPortal({ ...settings, NATIONAL_PORTAL_STATUS_URL: "" });
    expect(portal.check(statusMessage("accepted")).map(({ field, code: what }) => [field, what])).toEqual([
      ["portalCode", "no_mapping"],
    ]);
    expect(portal.check(stepMessage())).toEqual([]);
  });
});

describe("where nothing can be looked up", () => {
  const known = putMessage({ known: true });

  test("a refused update is tried as a create, which delivers what the portal had lost", async () => {
    const { outcome, requests } = await perform(known, [wrapped(procedure), json(refused), json(done)]);
    expect(outcome).toEqual({ delivered: true });
    expect(requests.slice(1).map(({ url }) => url.slice(FACADE.length))).toEqual(["/CapNhat", "/ThemMoi"]);
  });

  test("a refused update of a dossier that is there ends as that refusal, after three messages", async () => {
    const replies = [wrapped(procedure), json(refused), json(duplicate), json(refused)];
    const { outcome, requests } = await perform(known, replies);
    expect(outcome).toMatchObject({ fault: { outcome: "refused", message: "Thiếu mã lĩnh vực" } });
    expect(requests).toHaveLength(4);
  });

  test("a doubtful create is simply created again, and the portal's own word decides", async () => {
    const { requests } = await perform(putMessage({ unknownOutcome: true }), [
      wrapped(procedure),
      json(duplicate),
      json(done),
    ]);
    expect(requests.slice(1).map(({ url }) => url.slice(FACADE.length))).toEqual(["/ThemMoi", "/CapNhat"]);
  });

  test("it says so: a put is idempotent and cannot be asked about", () => {
    const { profile, operations } = openPortal(settings);
    expect({ profile, put: operations["dossier.put"] }).toEqual({
      profile: "lgsp-facade",
      put: { idempotent: true, probe: false, repeatable: true },
    });
  });
});

describe("an answer of the façade", () => {
  const read = (body: unknown, kind: "send" | "read" = "read") =>
    readAnswer(
      { status: 200, headers: {}, body: typeof body === "string" ? body : JSON.stringify(body), overlong: false },
      { kind, now: new Date(0), form: FACADE_ANSWER },
    );
  const inner = JSON.stringify({ error_code: "0", result: [{ MATTHC: "1" }] });

  test.each([
    ["with a code on both", { error_code: "0", message: inner }],
    ["with a code inside alone", { message: inner }],
    ["with a code outside alone", { error_code: 0, message: JSON.stringify({ result: [{ MATTHC: "1" }] }) }],
    ["with keys in another case", { ERROR_CODE: "00", MESSAGE: inner }],
    ["written as one text", JSON.stringify(JSON.stringify({ message: inner }))],
  ])("is read %s", (_, body) => {
    expect(read(body)).toMatchObject({ ok: true, value: { result: [{ MATTHC: "1" }] } });
  });

  test.each([
    ["an outer refusal", { error_code: "3", message: inner }],
    ["an inner refusal", { error_code: "0", message: JSON.stringify({ error_code: "3", message: "sai" }) }],
    ["a refusal in words", { error_code: "-3", message: "sai" }],
  ])("is %s, whatever the other part says", (_, body) => {
    expect(read(body)).toMatchObject({ ok: false, fault: { outcome: "refused" } });
  });

  test.each([
    ["words alone", "Cập nhật tiến độ thành công"],
    ["words in quotes", '"Thành công"'],
    ["no code anywhere", { message: JSON.stringify({ result: [] }) }],
    ["a cut inner text and no code", { message: inner.slice(0, 20) }],
    ["a bare list", "[]"],
  ])("that is %s says nothing", (_, body) => {
    expect(read(body, "send")).toMatchObject({ ok: false, fault: { outcome: "unknown", code: "upstream_malformed" } });
    expect(read(body)).toMatchObject({ ok: false, fault: { outcome: "transient" } });
  });

  test("an empty inner list is a procedure that the portal does not know", async () => {
    const { outcome, requests } = await perform(putMessage(), [wrapped(absent)]);
    expect(outcome).toMatchObject({ fault: { outcome: "refused", code: "upstream_rejected" } });
    expect(requests).toHaveLength(1);
  });
});
