import { afterEach, beforeEach, expect, test } from "vitest";
import type { Message } from "../../../contracts/adapter.ts";
import type { Satisfaction } from "../../../contracts/services/submissions.ts";
import { maskBody } from "../../../src/ledger/mask.ts";
import { openProfile, type ProfileScene, UNKNOWN_PROCEDURE } from "./profile-scene.ts";

const agency = { code: "H04.15", name: "Sở Công Thương" };
const question: Message = {
  operation: "question.put",
  questionId: "q-1",
  question: { fieldCode: "G15-HT01", content: "Nộp hồ sơ ở đâu?", agency },
};
const answer: Message = {
  operation: "question.answer",
  questionId: "dvcqg-77",
  answer: {
    agencyCode: "H04.15",
    officer: { name: "Lê Văn Mẫu" },
    answeredAt: "2026-11-20T14:10:00+07:00",
    content: "Nộp tại Trung tâm phục vụ hành chính công.",
  },
};
const satisfaction: Satisfaction = {
  month: "2026-04",
  procedureCode: "2.000591",
  agency,
  respondents: 40,
  handling: { verySatisfied: 70, satisfied: 25, notSatisfied: 5 },
  service: { verySatisfied: 100, satisfied: 0, notSatisfied: 0 },
  opinions: ["Cán bộ Lê Văn Mẫu nhiệt tình"],
};
const monthly = (changes: Partial<Satisfaction> = {}): Message => ({
  operation: "satisfaction.put",
  satisfaction: { ...satisfaction, ...changes },
});

let scene: ProfileScene;
beforeEach(async () => {
  scene = await openProfile("mapi");
  scene.simulator.addQuestion({ HOIDAPID: "dvcqg-77", NOIDUNG: "Nộp ở đâu?" });
});
afterEach(() => scene.close());

test("a question of the own bank arrives in the portal's mixed case, and the same number again replaces it", async () => {
  expect(await scene.perform(question)).toEqual({ delivered: true });
  expect(scene.simulator.state.submissions.questions.get("q-1")).toEqual({
    HOIDAPID: "q-1",
    MaLinhVuc: "G15-HT01",
    NOIDUNG: "Nộp hồ sơ ở đâu?",
    MADONVI: "H04.15",
    TENDONVI: "Sở Công Thương",
  });
  await scene.perform({ ...question, question: { fieldCode: "G15-HT01", content: "Nộp ở đâu?", agency } });
  expect(scene.simulator.state.submissions.questions.size).toBe(1);
  expect(scene.simulator.state.submissions.questions.get("q-1")?.NOIDUNG).toBe("Nộp ở đâu?");
  expect([...scene.simulator.unknownFields]).toEqual([]);
});

test("an answer arrives with its officer and the clock of Viet Nam; a title that is not known is empty", async () => {
  expect(await scene.perform(answer)).toEqual({ delivered: true });
  expect(scene.simulator.state.submissions.asked.get("dvcqg-77")?.answers).toEqual([
    {
      HOIDAPID: "dvcqg-77",
      MADONVI: "H04.15",
      NGUOITRALOI: "Lê Văn Mẫu",
      CHUCVUNGUOITRALOI: "",
      NGAYTRALOI: "20261120141000",
      NOIDUNGTRALOI: "Nộp tại Trung tâm phục vụ hành chính công.",
    },
  ]);
});

test("an answer to a question that nobody sent is refused with the portal's words", async () => {
  const outcome = await scene.perform({ ...answer, questionId: "la" });
  expect(outcome).toMatchObject({ fault: { outcome: "refused", code: "upstream_rejected", platformCode: "3" } });
});

test("a month of satisfaction goes out as M-yyyy, NN% and Madonvi", async () => {
  expect(await scene.perform(monthly())).toEqual({ delivered: true });
  expect([...scene.simulator.state.submissions.satisfaction.values()]).toEqual([
    {
      NgayTongHop: "4-2026",
      TongSoNguoiDanhGia: "40",
      PhanTramDanhGiaRatHaiLong: "70%",
      PhanTramDanhGiaHaiLong: "25%",
      PhanTramDanhGiaChuaHaiLong: "5%",
      DanhSachNoiDungYKien: ["Cán bộ Lê Văn Mẫu nhiệt tình"],
      MaThuTuc: "2.000591",
      NoiDung: "",
      PhanTramDanhGiaDichVuRatHaiLong: "100%",
      PhanTramDanhGiaDichVuHaiLong: "0%",
      PhanTramDanhGiaDichVuChuaHaiLong: "0%",
      Madonvi: "H04.15",
      TenDonVi: "Sở Công Thương",
    },
  ]);
  await scene.perform(monthly({ month: "2026-12" }));
  await scene.perform(monthly({ respondents: 41 }));
  const rows = [...scene.simulator.state.submissions.satisfaction.values()];
  expect(rows.map(({ NgayTongHop, TongSoNguoiDanhGia }) => `${NgayTongHop} ${TongSoNguoiDanhGia}`)).toEqual([
    "4-2026 41",
    "12-2026 40",
  ]);
  expect([...scene.simulator.unknownFields]).toEqual([]);
});

test("satisfaction with a procedure that the portal does not know is refused", async () => {
  const outcome = await scene.perform(monthly({ procedureCode: UNKNOWN_PROCEDURE }));
  expect(outcome).toMatchObject({ fault: { outcome: "refused" } });
});

test.each([question, answer, monthly()])("$operation whose answer was lost has an unknown outcome", async (message) => {
  for (const service of ["DongBoHoiDap", "DongBoKetQuaHoiDapGuiTuDVCQG", "DongBoDanhGia"]) {
    scene.simulator.dial.add({ fault: "close", taken: true, service, times: 1 });
  }
  expect(await scene.perform(message)).toMatchObject({ fault: { outcome: "unknown" } });
  expect(await scene.perform(message)).toEqual({ delivered: true });
});

test("what is kept of an answer and of opinions names nobody", async () => {
  for (const message of [answer, monthly()]) {
    await scene.perform(message);
    const shown = scene.last().attempts.map(({ evidence }) => maskBody(evidence, scene.adapter.publicFields));
    expect(shown.join()).not.toContain("Lê Văn Mẫu");
    expect(shown.join()).not.toContain("session-");
  }
});

test("the preview is the body that is sent", async () => {
  for (const message of [question, answer, monthly()]) {
    const preview = await scene.adapter.preview?.(message, scene.cache);
    await scene.perform(message);
    expect(preview).toEqual({ ok: true, value: scene.last().attempts.at(-1)?.evidence });
  }
});

test.each(["lgsp-facade", "connector-v1"] as const)(
  "profile %s declares none of these and sends none",
  async (profile) => {
    const other = await openProfile(profile);
    expect(Object.keys(other.adapter.operations).every((name) => name.startsWith("dossier."))).toBe(true);
    expect(await other.perform(question)).toMatchObject({ fault: { outcome: "refused", code: "invalid_request" } });
    expect(other.last().attempts).toEqual([]);
    await other.close();
  },
);
