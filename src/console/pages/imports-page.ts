import { html } from "hono/html";
import type { ImportState, ImportView } from "../../../contracts/services/imports.ts";
import type { ConsoleSession } from "../console-session.ts";
import { IMPORTS } from "../local-path.ts";
import { IMPORT_STATE_WORDS } from "../words.ts";
import { timeOf } from "./badges.ts";
import { csrfField, layout, type Markup } from "./layout.ts";

/** What an operator can do here. */
export const PAGE_ACTS = ["pause", "resume", "cancel"] as const;

/** One of them. */
export type PageAct = (typeof PAGE_ACTS)[number];

/** What the page of imports shows. */
export interface ImportList {
  readonly session: ConsoleSession;
  readonly imports: readonly ImportView[];
  /** The operator's role allows it. */
  readonly mayOperate: boolean;
  /** What the last act came to, told after the redirect. */
  readonly result: "done" | "refused" | undefined;
  /** Null on the last page. */
  readonly nextPath: string | null;
}

const NUMBER = new Intl.NumberFormat("vi-VN");

const ACT_WORDS: Readonly<Record<PageAct, string>> = { pause: "Tạm dừng", resume: "Tiếp tục", cancel: "Huỷ" };

const ACTS_OF: Readonly<Record<ImportState, readonly PageAct[]>> = {
  incomplete: [],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  cancelled: [],
  finished: [],
};

const notice = (result: NonNullable<ImportList["result"]>): Markup =>
  result === "done"
    ? html`<p class="notice good" role="status">Đã thực hiện.</p>`
    : html`<p class="notice bad" role="alert">Không thực hiện được: trạng thái của đợt nạp đã thay đổi.</p>`;

/** Whole minutes, at least one: nobody waits for seconds here. */
const timeLeft = (seconds: number): string => {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes < 120 ? `còn khoảng ${minutes} phút` : `còn khoảng ${Math.ceil(minutes / 60)} giờ`;
};

const progress = ({ id, done, lines, held, etaSeconds }: ImportView): Markup => html`
                <progress value="${done}" max="${Math.max(1, lines)}" aria-label="Tiến độ đợt nạp ${id}"></progress>
                ${NUMBER.format(done)} / ${NUMBER.format(lines)}
                <span class="quiet block">${held === "backlog" ? "Chờ hệ thống quốc gia nhận bớt" : etaSeconds !== undefined && timeLeft(etaSeconds)}</span>`;

const form = ({ session }: ImportList, { id }: ImportView, act: PageAct): Markup => html`
                <form method="post" action="${IMPORTS}/${id}/${act}">
                  ${csrfField(session.csrf)}
                  <button class="${act !== "resume" && "plain"}" type="submit" aria-label="${ACT_WORDS[act]} đợt nạp ${id}">${ACT_WORDS[act]}</button>
                </form>`;

const kind = ({ known, dryRun, format }: ImportView): string =>
  [format.toUpperCase(), known && "đã có ở Cổng", dryRun && "chạy thử"].filter(Boolean).join(" · ");

const row = (list: ImportList, view: ImportView): Markup => html`
            <tr role="row">
              <td role="cell" class="id">#${view.id}</td>
              <td role="cell" class="state"><span class="badge ${view.state}">${IMPORT_STATE_WORDS[view.state]}</span></td>
              <td role="cell" data-label="Phần mềm gọi">${view.client} <span class="quiet block">${kind(view)}</span></td>
              <td role="cell" data-label="Tiến độ">${progress(view)}</td>
              <td role="cell" data-label="Kết quả">${NUMBER.format(view.accepted)} đã nhận,
                ${NUMBER.format(view.unchanged)} không đổi, ${NUMBER.format(view.refused)} bị từ chối
                <a class="block" href="${IMPORTS}/${view.id}/report">Báo cáo (CSV), ${NUMBER.format(view.warnings)} cảnh báo</a></td>
              <td role="cell" data-label="Gửi lúc">${timeOf(view.createdAt)}</td>
              <td role="cell">${list.mayOperate && ACTS_OF[view.state].map((act) => form(list, view, act))}</td>
            </tr>`;

const HEADINGS = ["Mã", "Trạng thái", "Phần mềm gọi", "Tiến độ", "Kết quả", "Gửi lúc", "Việc"];

const table = (list: ImportList): Markup => html`
        <table class="imports" role="table" aria-label="Các đợt nạp, mới nhất trước">
          <thead role="rowgroup"><tr role="row">
            ${HEADINGS.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}
          </tr></thead>
          <tbody role="rowgroup">${list.imports.map((view) => row(list, view))}
          </tbody>
        </table>`;

/** The imports, newest first, each with how far it is and what can be done about it. */
export const importsPage = (list: ImportList): Markup => {
  const { session, imports, result, nextPath } = list;
  const body = html`
      <h1>Nạp hồ sơ hàng loạt</h1>
      ${result && notice(result)}
      <section class="card" aria-label="Các đợt nạp">
        ${imports.length === 0 ? html`<p class="empty">Chưa có đợt nạp nào.</p>` : table(list)}
        <nav class="pages" aria-label="Trang">
          ${nextPath !== null && html`<a class="button plain" rel="next" href="${nextPath}">Trang sau</a>`}
        </nav>
      </section>`;
  return layout({ title: "Nạp hồ sơ hàng loạt", session, body });
};
