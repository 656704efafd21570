import type {
  DongBoDanhGia,
  DongBoHoiDap,
  DongBoKetQuaHoiDap,
  HoiDapGuiTuDVCQG,
} from "../../contracts/platforms/national-portal/wire-submissions.ts";
import { accepted } from "./answer.ts";
import { checkObject } from "./checks.ts";
import { refuse } from "./refusals.ts";
import { readList, type Serve, type ServiceRow } from "./services.ts";
import { DANH_GIA, HOI_DAP, TRA_LOI } from "./submission-fields.ts";

const putQuestions: Serve = (body, context) => {
  const refusal = readList(body["data"], (row) => checkObject(row, HOI_DAP, context.checks));
  if (refusal !== undefined) return refusal;
  // Checked field by field above, as are the bodies below.
  const { data } = body as unknown as DongBoHoiDap;
  context.commit({ kind: "questions", data });
  return accepted("Đồng bộ hỏi đáp thành công");
};

const answerQuestions: Serve = (body, context) => {
  const refusal = readList(body["data"], (row) => checkObject(row, TRA_LOI, context.checks));
  if (refusal !== undefined) return refusal;
  const { data } = body as unknown as DongBoKetQuaHoiDap;
  const stray = data.find(({ HOIDAPID }) => !context.state.submissions.asked.has(HOIDAPID));
  if (stray !== undefined) return refuse("notAsked", stray.HOIDAPID);
  context.commit({ kind: "answers", data });
  return accepted("Đồng bộ kết quả hỏi đáp thành công");
};

const putSatisfaction: Serve = (body, context) => {
  const refusal = readList(body["data"], (row) => checkObject(row, DANH_GIA, context.checks));
  if (refusal !== undefined) return refusal;
  const { data } = body as unknown as DongBoDanhGia;
  const unknown = data.find(({ MaThuTuc }) => !context.catalogue.has(MaThuTuc));
  if (unknown !== undefined) return refuse("procedure", unknown.MaThuTuc);
  context.commit({ kind: "satisfaction", data });
  return accepted("Đồng bộ đánh giá thành công");
};

const listAsked: Serve = (_body, { state, settings }) => {
  const rows = [...state.submissions.asked.values()].map(({ answers, ...asked }): HoiDapGuiTuDVCQG => {
    const answer = answers.at(-1);
    return {
      MALINHVUC: "",
      MATTHCDP: "",
      MADONVI: settings.madonvi,
      HOVATEN: "",
      DIACHI: "",
      THUDIENTU: "",
      SODIENTHOAI: "",
      TRANGTHAI: "1",
      TRALOIID: answer === undefined ? "" : `${asked.HOIDAPID}-${answers.length}`,
      NOIDUNGTRALOI: answer?.NOIDUNGTRALOI ?? "",
      ...asked,
    };
  });
  return accepted("", { result: rows });
};

/** The services of np 2.5. */
export const SUBMISSION_SERVICES: readonly (readonly [string, ServiceRow])[] = [
  ["LayDanhSachHoiDapGuiTuDVCQG", { endpoint: "integration", serve: listAsked }],
  ["DongBoHoiDap", { endpoint: "integration", serve: putQuestions }],
  ["DongBoKetQuaHoiDapGuiTuDVCQG", { endpoint: "integration", serve: answerQuestions }],
  ["DongBoDanhGia", { endpoint: "integration", serve: putSatisfaction }],
];
