import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Call } from "./call-log.ts";
import type { ActiveRule } from "./dial.ts";
import { FAULTS, type Fault, readFaultRules } from "./faults.ts";
import { type Markup, table } from "./page-parts.ts";
import type { NationalPortal } from "./portal.ts";
import type { HeldDossier } from "./state.ts";
import { submissionSections } from "./submission-pages.ts";

/** np 3.1. */
const STATUS_NAMES: Readonly<Record<string, string>> = {
  "1": "Mới đăng ký",
  "2": "Được tiếp nhận",
  "3": "Không được tiếp nhận",
  "4": "Đang xử lý",
  "5": "Yêu cầu bổ sung giấy tờ",
  "6": "Yêu cầu thực hiện nghĩa vụ tài chính",
  "7": "Công dân yêu cầu rút hồ sơ",
  "8": "Dừng xử lý",
  "9": "Đã xử lý xong",
  "10": "Đã trả kết quả",
};

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
th{background:#f4f4f4}.note{background:#fff4d6;padding:.5rem 1rem}pre{background:#f4f4f4;padding:1rem;overflow:auto}
form{display:inline-flex;gap:.5rem;flex-wrap:wrap;align-items:end}label{display:grid}`;

const layout = (title: string, body: Markup): Markup =>
  html`<!doctype html>
<html lang="vi">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head>
<body>
<p class="note">Đây là bản mô phỏng Cổng Dịch vụ công quốc gia, chỉ dùng để thử nghiệm và diễn tập.</p>
<h1>${title}</h1>
${body}
</body>
</html>`;

const statusName = (code: string): string => `${code} – ${STATUS_NAMES[code] ?? "ngoài danh mục"}`;

const dossierRow = (dossier: HeldDossier): Markup => html`<tr>
<td><a href="/dossiers/${encodeURIComponent(dossier.MaHoSo)}">${dossier.MaHoSo}</a></td>
<td>${dossier.hoSo.ChuHoSo}</td><td>${dossier.hoSo.TenTTHC}</td><td>${statusName(dossier.status)}</td>
<td>${dossier.steps.length}</td><td>${dossier.changedAt}</td></tr>`;

const callRow = (call: Call): Markup => html`<tr>
<td>${call.n}</td><td>${call.at}</td><td>${call.service}</td><td>${call.subject}</td>
<td>${call.outcome}${call.fault === undefined ? "" : html` <strong>${FAULTS[call.fault as Fault].title}</strong>`}</td></tr>`;

const ruleRow = ({ rule, fired, left }: ActiveRule): Markup => html`<tr>
<td>${FAULTS[rule.fault].title}</td><td><code>${JSON.stringify(rule)}</code></td><td>${fired}</td>
<td>${left ?? "mãi mãi"}</td></tr>`;

const SERVICE_CHOICES = [
  ...["", "login", "DongBoHoSoMC", "CapNhatTienDoHoSoMC", "TraCuuHoSo", "LayThuTuc"],
  ...[
    "DongBoHoiDap",
    "DongBoKetQuaHoiDapGuiTuDVCQG",
    "DongBoDanhGia",
    "ThemMoi",
    "CapNhat",
    "DongBoTienTrinh",
    "NoiHoSo",
    "capnhatientrinh",
    "capnhattrangthai",
    "upload",
  ],
];

/** Common faults, each complete in one choice; finer rules are set by `POST /__simulator/dial`. */
const PRESETS: Readonly<Record<string, { readonly title: string; readonly rule: Readonly<Record<string, unknown>> }>> =
  {
    slow: { title: "Trả lời chậm 5 giây", rule: { fault: "latency", ms: 5000 } },
    "http-500": { title: "Lỗi HTTP 500", rule: { fault: "http-status", status: 500 } },
    html: { title: "Trả trang HTML bảo trì", rule: { fault: "html" } },
    empty: { title: "Trả nội dung rỗng", rule: { fault: "empty" } },
    truncated: { title: "Trả JSON bị cắt", rule: { fault: "truncated" } },
    "session-expired": { title: "Phiên hết hạn", rule: { fault: "session-expired" } },
    "close-before": { title: "Đóng kết nối, chưa ghi nhận", rule: { fault: "close" } },
    "close-after": { title: "Đóng kết nối, đã ghi nhận", rule: { fault: "close", taken: true } },
    "error-code": { title: "error_code là số", rule: { fault: "error-code", form: "number" } },
  };

const dialForm = (): Markup => html`<form method="post" action="/__simulator/page/dial">
<label>Lỗi <select name="preset">${Object.entries(PRESETS).map(
  ([name, { title }]) => html`<option value="${name}">${title}</option>`,
)}</select></label>
<label>Dịch vụ <select name="service">${SERVICE_CHOICES.map(
  (name) => html`<option value="${name}">${name === "" ? "Tất cả" : name}</option>`,
)}</select></label>
<label>Số lần (trống: mãi mãi) <input name="times" type="number" min="1"></label>
<button>Đặt lỗi</button></form>
<form method="post" action="/__simulator/page/dial/clear"><button>Bỏ mọi lỗi</button></form>`;

const overview = ({ state, calls, overlaps, dial }: NationalPortal): Markup => {
  const { counts } = state;
  const latest = [...state.dossiers.values()].sort((a, b) => b.order - a.order).slice(0, 20);
  return html`<p>${counts.dossiers} hồ sơ, ${counts.steps} bước xử lý (${counts.repeatedSteps} bước lặp lại), ${counts.updates}
lần cập nhật, ${counts.portalDossiers} hồ sơ phát sinh từ Cổng, ${calls.total} lời gọi (${overlaps.count} chồng nhau).</p>
<h2>Núm lỗi</h2>
${table(["Lỗi", "Luật", "Đã xảy ra", "Còn lại"], dial.rules.map(ruleRow), "Không có lỗi nào được đặt.")}
${dialForm()}
<h2>Hồ sơ mới nhất</h2>
${table(["Mã hồ sơ", "Chủ hồ sơ", "Thủ tục", "Trạng thái", "Số bước", "Thay đổi"], latest.map(dossierRow), "Chưa có hồ sơ nào.")}
${submissionSections(state.submissions)}
<h2>Lời gọi gần nhất</h2>
${table(["#", "Lúc", "Dịch vụ", "Về", "Kết quả"], calls.recent().slice(-20).reverse().map(callRow), "Chưa có lời gọi nào.")}`;
};

const dossierPage = ({ status, steps, updates, hoSo }: HeldDossier): Markup => {
  const rows = steps.map(
    ({
      at,
      repeated,
      step,
    }) => html`<tr><td>${at}</td><td>${step.ThoiDiemXuLy}</td><td>${statusName(step.TrangThai)}</td>
<td>${step.NguoiXuLy}</td><td>${step.PhongBanXuLy}</td><td>${step.NoiDungXuLy}${repeated ? " (lặp lại)" : ""}</td></tr>`,
  );
  const headings = ["Nhận lúc", "Thời điểm xử lý", "Trạng thái", "Người xử lý", "Phòng ban", "Nội dung"];
  return html`<p><a href="/">Về trang đầu</a></p>
<p>${statusName(status)}; ${updates} lần cập nhật.</p>
<h2>Các bước theo thứ tự nhận</h2>
${table(headings, rows, "Chưa có bước nào.")}
<h2>Bản ghi mới nhất</h2>
<pre>${JSON.stringify(hoSo, null, 2)}</pre>`;
};

/** Adds the rule that the form describes; a form that describes none is refused. */
const setFromForm = async (c: Context, { dial }: NationalPortal): Promise<Response> => {
  const form = await c.req.parseBody();
  const preset = Object.hasOwn(PRESETS, String(form["preset"])) ? PRESETS[String(form["preset"])] : undefined;
  if (preset === undefined) return c.text("Không có lỗi này", 400);
  const service = form["service"] === "" || form["service"] === undefined ? {} : { service: form["service"] };
  const times = form["times"] === "" || form["times"] === undefined ? {} : { times: Number(form["times"]) };
  try {
    dial.add(readFaultRules({ ...preset.rule, ...service, ...times }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return c.text(error.message, 400);
  }
  return c.redirect("/", 303);
};

/** The simulator's pages, for people: what it holds, the last calls, and the dial. No script, nothing from elsewhere. */
export const createPages = (portal: NationalPortal): Hono => {
  const app = new Hono();
  app.get("/", (c) => c.html(layout("Cổng Dịch vụ công quốc gia (mô phỏng)", overview(portal))));
  app.get("/dossiers/:code", (c) => {
    const held = portal.state.dossiers.get(c.req.param("code"));
    if (held === undefined) return c.html(layout("Không có hồ sơ này", html`<p><a href="/">Về trang đầu</a></p>`), 404);
    return c.html(layout(`Hồ sơ ${held.MaHoSo}`, dossierPage(held)));
  });
  app.post("/__simulator/page/dial", (c) => setFromForm(c, portal));
  app.post("/__simulator/page/dial/clear", (c) => {
    portal.dial.clear();
    return c.redirect("/", 303);
  });
  return app;
};
