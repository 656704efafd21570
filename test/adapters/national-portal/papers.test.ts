import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nationalPortal } from "../../../adapters/national-portal/adapter.ts";
import type { LookupPurpose } from "../../../contracts/registries.ts";
import type { HeldPaper } from "../../../mocks/national-portal/personal-papers.ts";
import { PORTAL_DEFAULTS } from "../../../mocks/national-portal/settings.ts";
import { portalSettings } from "../../../mocks/start-simulator.ts";
import { json, type Reply, scripted, scriptedCall } from "../call-context.ts";
import { openProfile, type ProfileScene } from "./profile-scene.ts";

const OWNER = "099205000001";
const PDF = Buffer.from("%PDF-1.7\nGiấy phép +/ mẫu\n");
const PAPER: HeldPaper = {
  owner: OWNER,
  MaKetQua: `${OWNER}.KQ.G07.000122`,
  TenGiayTo: "Giấy phép lái xe",
  SoKyHieu: "12/GP-SCT",
  CoQuanChuQuan: "000.00.00.G07",
  files: [{ TenTep: "giay-phep.pdf", DuongDan: "/2026/11/giấy phép 1.pdf", base64: PDF.toString("base64") }],
};
const PURPOSE: LookupPurpose = {
  requestId: "r-1",
  officerCode: "CB-001",
  officerName: "Lê Thị Cán Bộ",
  agency: "H04.15",
  procedureCode: "2.000591",
  dossierCode: "H04.15-261120-0001",
};
const QUERY = { ownerId: OWNER, procedureCode: "2.000591" };

let scene: ProfileScene;
beforeAll(async () => {
  scene = await openProfile("mapi");
});
afterAll(() => scene.close());
afterEach(() => {
  scene.simulator.dial.clear();
  scene.simulator.papers.clear();
  scene.reopen({});
});

const papers = () => {
  const capability = scene.adapter.papers;
  if (capability === undefined) throw new Error("the profile has no papers");
  return capability;
};
const find = (query: Parameters<ReturnType<typeof papers>["find"]>[0] = QUERY) =>
  papers().find(query, PURPOSE, scene.last());

/** Fetches into memory. */
const fetchFile = async (path = PAPER.files[0]?.DuongDan ?? "", most = 1 << 20) => {
  let bytes = Buffer.alloc(0);
  const keep = async (pieces: AsyncIterable<Uint8Array>): Promise<boolean> => {
    bytes = Buffer.alloc(0);
    for await (const piece of pieces) {
      bytes = Buffer.concat([bytes, piece]);
      if (bytes.length > most) return false;
    }
    return true;
  };
  const reading = await papers().fetch({ agency: PAPER.CoQuanChuQuan, path }, keep, scene.last());
  return { reading, bytes };
};

test("papers are found in a session of the store's own, behind the portal's door and the store's address, by the document's fields", async () => {
  scene.simulator.papers.add(PAPER);
  scene.simulator.papers.add({ ...PAPER, owner: "099205000002", MaKetQua: "099205000002.X" });
  const before = scene.last().attempts.length;
  expect(await find()).toEqual({
    ok: true,
    value: [
      {
        code: PAPER.MaKetQua,
        name: "Giấy phép lái xe",
        notation: "12/GP-SCT",
        agency: "000.00.00.G07",
        files: [{ name: "giay-phep.pdf", path: "/2026/11/giấy phép 1.pdf" }],
      },
    ],
  });
  const [login, list] = scene.last().attempts.slice(before);
  const url = new URL(login?.request.url ?? "");
  expect(url.pathname).toBe("/bndp/public/v1/login");
  expect(url.search).toBe("?providerurl=https%3A%2F%2Fapigiaytocanhan.dichvucong.gov.vn");
  expect(login?.request.headers["dstcode"]).toBe(PORTAL_DEFAULTS.dstcode);
  expect(JSON.parse(list?.request.body ?? "")).toEqual({
    session: expect.any(String),
    SoDinhDanhChuSoHuu: OWNER,
    HoTenNguoiYeuCau: "Lê Thị Cán Bộ",
    KenhThucHien: "1",
    SoDinhDanhNguoiYeuCau: "CB-001",
    MaThuTuc: "2.000591",
    DanhSachDanhMucKetQua: [],
  });
});

test("only the kinds asked for are found, and an owner of nothing is an empty list", async () => {
  scene.simulator.papers.add(PAPER);
  scene.simulator.papers.add({ ...PAPER, MaKetQua: "KQ.G07.000200" });
  const codes = async (query: Parameters<typeof find>[0]) => {
    const found = await find(query);
    return found.ok ? found.value.map(({ code }) => code) : found.fault.code;
  };
  expect(await codes({ ...QUERY, results: [{ code: "KQ.G07.000200" }] })).toEqual(["KQ.G07.000200"]);
  expect(await codes({ ...QUERY, results: [{ code: "KQ.G07.000200", notation: "99" }] })).toEqual([]);
  expect(await codes({ ...QUERY, ownerId: "099205000009" })).toEqual([]);
});

test("nothing of a question, an answer or a refusal is kept as evidence or told in a fault", async () => {
  scene.simulator.papers.add(PAPER);
  const before = scene.last().attempts.length;
  await find();
  await fetchFile();
  scene.simulator.dial.set([{ fault: "error-body", message: `Không có quyền với ${OWNER}`, service: "papers" }]);
  const refused = await find();
  expect(refused).toMatchObject({ ok: false, fault: { outcome: "refused", code: "upstream_rejected" } });
  scene.simulator.dial.set([{ fault: "truncated", service: "papers" }]);
  await find();
  const kept = JSON.stringify(
    scene
      .last()
      .attempts.slice(before)
      .map(({ evidence, answerEvidence, fault }) => [evidence, answerEvidence, fault]),
  );
  for (const needle of [OWNER, "Giấy phép", "giay-phep", "12/GP", "CB-001", "Cán Bộ", PDF.toString("base64")]) {
    expect(kept).not.toContain(needle);
  }
});

test("an answer with somebody else's paper in it is no answer", async () => {
  scene.simulator.papers.add(PAPER);
  scene.simulator.papers.add({ ...PAPER, MaKetQua: "099205000002.KQ1" });
  expect(await find()).toMatchObject({ ok: false, fault: { outcome: "transient", code: "upstream_malformed" } });
});

test("a session that died is renewed once, unnoticed, for the list and for a file", async () => {
  scene.simulator.papers.add(PAPER);
  await find();
  scene.simulator.dial.set([{ fault: "session-expired", service: "papers", times: 1 }]);
  expect((await find()).ok).toBe(true);
  scene.simulator.dial.set([{ fault: "session-expired", service: "paper-file", times: 1 }]);
  const { reading, bytes } = await fetchFile();
  expect(reading.ok).toBe(true);
  expect(bytes.equals(PDF)).toBe(true);
});

test("a refused login is no refusal of the question", async () => {
  scene.reopen({ NATIONAL_PORTAL_PAPERS_PASSWORD: "khong-phai" });
  expect(await find()).toMatchObject({ ok: false, fault: { outcome: "transient", code: "upstream_unavailable" } });
});

describe("an answer that is no list", () => {
  const faults = {
    html: "upstream_malformed",
    empty: "upstream_malformed",
    truncated: "upstream_malformed",
    oversized: "upstream_malformed",
    close: "upstream_unavailable",
  } as const;
  for (const [fault, code] of Object.entries(faults)) {
    test(`${fault} is ${code}`, async () => {
      scene.simulator.papers.add(PAPER);
      scene.simulator.dial.set([{ fault: fault as keyof typeof faults, service: "papers" }]);
      expect(await find()).toMatchObject({ ok: false, fault: { outcome: "transient", code } });
    });
  }
});

test("nothing held may be told by 404 with a code; a page with 404 says that the path is wrong", async () => {
  const login = json({ errorCode: 0, message: "", session: "s" });
  const ask = async (reply: Reply) => {
    scene.reopen({});
    return papers().find(QUERY, PURPOSE, scriptedCall(scripted(login, reply).transport));
  };
  expect(await ask(json({ errorCode: "1", message: "Không có giấy tờ" }, 404))).toEqual({ ok: true, value: [] });
  expect(await ask({ status: 404, body: "<html>404</html>" })).toMatchObject({ fault: { code: "upstream_malformed" } });
  expect(await ask(json({ errorCode: "0", message: "", result: null }))).toEqual({ ok: true, value: [] });
  expect(await ask(json({ errorCode: "0", result: { DanhSachGiayToKetQua: "x" } }))).toMatchObject({
    fault: { code: "upstream_malformed" },
  });
  expect(await ask(json({ error_code: "3", message: "Sai" }))).toMatchObject({
    fault: { code: "upstream_rejected", platformCode: "3" },
  });
});

describe("a file", () => {
  const wrong = {
    "that is not held": [{ DuongDan: "/khac" }, "not_found"],
    "that is no base64": [{ base64: "khong phai base64 %%" }, "upstream_malformed"],
    "that is empty": [{ base64: "" }, "upstream_malformed"],
    "that is longer than may be kept": [{ base64: undefined, size: 20 * 1024 * 1024 }, "payload_too_large"],
  } as const;
  for (const [name, [part, code]] of Object.entries(wrong)) {
    test(`${name} is ${code}`, async () => {
      const { base64: _, ...file } = { TenTep: "a.pdf", DuongDan: "/a", base64: "JVBERi0x", ...part };
      const base64 = "base64" in part ? part.base64 : "JVBERi0x";
      scene.simulator.papers.add({ ...PAPER, files: [{ ...file, ...(base64 !== undefined && { base64 }) }] });
      expect((await fetchFile("/a")).reading).toMatchObject({ ok: false, fault: { code } });
    });
  }

  for (const fault of ["html", "truncated", "empty"] as const) {
    test(`in whose place ${fault} comes is upstream_malformed`, async () => {
      scene.simulator.papers.add(PAPER);
      scene.simulator.dial.set([{ fault, service: "paper-file" }]);
      expect((await fetchFile()).reading).toMatchObject({ ok: false, fault: { code: "upstream_malformed" } });
    });
  }

  test("of 20 MB comes whole where it may be kept", async () => {
    const size = 20 * 1024 * 1024;
    scene.simulator.papers.add({ ...PAPER, files: [{ TenTep: "a.pdf", DuongDan: "/a", size }] });
    let kept = 0;
    const reading = await papers().fetch(
      { agency: PAPER.CoQuanChuQuan, path: "/a" },
      async (pieces) => {
        for await (const piece of pieces) kept += piece.length;
        return true;
      },
      scene.last(),
    );
    expect([reading.ok, kept]).toEqual([true, size]);
  });
});

test("without a path of the list the store is not asked; with one, what else is missing is named", () => {
  const base = { ...portalSettings("mapi", "http://127.0.0.1:9"), AGENCY_CODE: "000.00.00.H04" };
  const without = nationalPortal.readConfig({ ...base, NATIONAL_PORTAL_PAPERS_LIST_PATH: "" });
  if (without.kind !== "configured") throw new Error(without.kind);
  expect(nationalPortal.create(without.config).papers).toBeUndefined();
  const {
    NATIONAL_PORTAL_PAPERS_FILE_PATH: _,
    NATIONAL_PORTAL_PAPERS_PASSWORD: __,
    ...half
  } = base as Record<string, string>;
  const faulty = nationalPortal.readConfig({ ...half, NATIONAL_PORTAL_PAPERS_PROVIDER_URL: "ftp://x" });
  expect(faulty.kind === "faulty" && faulty.faults.map((text) => text.split(" ")[0])).toEqual([
    "NATIONAL_PORTAL_PAPERS_FILE_PATH",
    "NATIONAL_PORTAL_PAPERS_PROVIDER_URL",
    "NATIONAL_PORTAL_PAPERS_PASSWORD",
  ]);
});
