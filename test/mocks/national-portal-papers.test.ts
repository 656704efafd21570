import { expect, test } from "vitest";
import type { HeldPaper } from "../../mocks/national-portal/personal-papers.ts";
import { PAPER_REFUSALS } from "../../mocks/national-portal/refusals.ts";
import { PORTAL_DEFAULTS } from "../../mocks/national-portal/settings.ts";
import { CREDENTIALS, HEADERS, openScene, type Scene } from "./national-portal-scene.ts";

const {
  papersListPath: LIST,
  papersFilePath: FILE,
  papersProviderUrl,
  papersUsername,
  papersPassword,
} = PORTAL_DEFAULTS;
const LOGIN = "/bndp/public/v1/login";
const PROVIDER = `?providerurl=${encodeURIComponent(papersProviderUrl)}`;
const OWNER = "099205000001";
const PAPER: HeldPaper = {
  owner: OWNER,
  MaKetQua: `${OWNER}.KQ1`,
  TenGiayTo: "Giấy phép",
  SoKyHieu: "12/GP",
  CoQuanChuQuan: "000.00.00.G07",
  files: [{ TenTep: "a.pdf", DuongDan: "/a", base64: "JVBERi0x" }],
};
const QUESTION = {
  SoDinhDanhChuSoHuu: OWNER,
  HoTenNguoiYeuCau: "Lê Văn Mẫu",
  KenhThucHien: "1",
  SoDinhDanhNguoiYeuCau: "CB-001",
  MaThuTuc: "2.000591",
  DanhSachDanhMucKetQua: [],
};

type Json = Record<string, unknown>;

const answerOf = async (response: Response) => ({ status: response.status, body: (await response.json()) as Json });

/** Logs in at the store and asks it. */
const openStore = async (scene: Scene) => {
  const login = await scene.request(LOGIN + PROVIDER, { username: papersUsername, password: papersPassword });
  const { session } = (await login.json()) as { session: string };
  return async (path: string, body: Json, query = PROVIDER) =>
    answerOf(await scene.request(path + query, { session, ...body }));
};

test("the store gives a session of its own to who names it as the provider, and lists the owner's papers alone", async () => {
  const scene = openScene();
  scene.portal.papers.add(PAPER);
  scene.portal.papers.add({ ...PAPER, owner: "099205000002" });
  const ask = await openStore(scene);
  const { body } = await ask(LIST, QUESTION);
  expect(body).toEqual({
    errorCode: "0",
    message: "Thành công",
    signature: "",
    result: {
      DanhSachGiayToKetQua: [
        {
          MaKetQua: PAPER.MaKetQua,
          TenGiayTo: "Giấy phép",
          SoKyHieu: "12/GP",
          CoQuanChuQuan: "000.00.00.G07",
          DanhSachTepDinhKem: [{ TenTep: "a.pdf", DuongDan: "/a" }],
        },
      ],
    },
  });
  const portal = await scene.login();
  expect((await ask(LIST, { ...QUESTION, session: portal })).body).toMatchObject({ errorCode: "-1" });
  const refused = await answerOf(await scene.request(LOGIN + PROVIDER, CREDENTIALS));
  expect(refused.body).toMatchObject({ errorCode: "-1" });
});

test("a file of the store is base64 as a JSON text, and one that it does not hold is 404 with a code", async () => {
  const scene = openScene();
  scene.portal.papers.add(PAPER);
  const ask = await openStore(scene);
  expect((await ask(FILE, { CoQuanChuQuan: "000.00.00.G07", DuongDan: "/a" })).body).toBe("JVBERi0x");
  const missing = await ask(FILE, { CoQuanChuQuan: "000.00.00.G08", DuongDan: "/a" });
  expect([missing.status, missing.body["errorCode"]]).toEqual([404, "3"]);
});

test("the store refuses by each of its rules", async () => {
  const scene = openScene();
  const ask = await openStore(scene);
  const provoked: Record<keyof typeof PAPER_REFUSALS, Promise<{ body: Json }>> = {
    provider: ask(LIST, QUESTION, ""),
    channel: ask(LIST, { ...QUESTION, KenhThucHien: "3" }),
    owner: ask(LIST, { ...QUESTION, SoDinhDanhChuSoHuu: "123" }),
  };
  for (const [rule, answer] of Object.entries(provoked)) {
    const { message } = PAPER_REFUSALS[rule as keyof typeof PAPER_REFUSALS];
    expect((await answer).body["message"], rule).toContain(message.split("{}")[0]);
  }
  expect((await ask(LIST, { ...QUESTION, MaThuTuc: "" })).body["message"]).toContain("MaThuTuc");
  expect((await ask(LIST, { ...QUESTION, DanhSachDanhMucKetQua: [{}] })).body["message"]).toContain("DanhSach");
  const elsewhere = await scene.request(LIST + PROVIDER, QUESTION, { ...HEADERS, dstcode: "VN:GOV:G01:x" });
  expect(elsewhere.status).toBe(400);
});

test("papers are loaded by the control route, and what is none is refused there", async () => {
  const scene = openScene();
  const load = async (body: unknown) => answerOf(await scene.request("/__simulator/papers", body));
  expect(await load([PAPER])).toEqual({ status: 201, body: { loaded: 1 } });
  expect(scene.portal.papers.of(OWNER)).toHaveLength(1);
  for (const body of [PAPER, [{ ...PAPER, files: undefined }], [{ ...PAPER, owner: 1 }], "{"]) {
    expect((await load(body)).status).toBe(400);
  }
  scene.portal.clear();
  expect(scene.portal.papers.of(OWNER)).toHaveLength(0);
});
