import { html } from "hono/html";
import type { HeldSubmissions } from "./held-submissions.ts";
import { table } from "./page-parts.ts";

const NOTHING = "Chưa có gì.";

/** What the portal holds besides dossiers, for people: questions, answers, satisfaction. */
export const submissionSections = ({ questions, asked, satisfaction }: HeldSubmissions) => {
  const own = [...questions.values()].map(
    ({ HOIDAPID, MaLinhVuc, NOIDUNG, TENDONVI }) =>
      html`<tr><td>${HOIDAPID}</td><td>${MaLinhVuc}</td><td>${NOIDUNG}</td><td>${TENDONVI}</td></tr>`,
  );
  const answered = [...asked.values()].flatMap(({ HOIDAPID, NOIDUNG, answers }) =>
    answers.map(
      (answer) =>
        html`<tr><td>${HOIDAPID}</td><td>${NOIDUNG}</td><td>${answer.NOIDUNGTRALOI}</td><td>${answer.NGUOITRALOI}</td></tr>`,
    ),
  );
  const months = [...satisfaction.values()].map(
    (row) => html`<tr><td>${row.NgayTongHop}</td><td>${row.MaThuTuc}</td><td>${row.TenDonVi}</td>
<td>${row.TongSoNguoiDanhGia}</td>
<td>${row.PhanTramDanhGiaRatHaiLong} / ${row.PhanTramDanhGiaHaiLong} / ${row.PhanTramDanhGiaChuaHaiLong}</td></tr>`,
  );
  return html`<h2>Hỏi đáp của cơ quan</h2>
${table(["Mã", "Lĩnh vực", "Nội dung", "Đơn vị"], own, NOTHING)}
<h2>Trả lời câu hỏi gửi qua Cổng</h2>
${table(["Mã", "Câu hỏi", "Trả lời", "Người trả lời"], answered, NOTHING)}
<h2>Mức độ hài lòng</h2>
${table(["Tháng", "Thủ tục", "Đơn vị", "Số người", "Rất hài lòng / hài lòng / chưa"], months, NOTHING)}`;
};
