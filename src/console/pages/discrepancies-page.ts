import { html } from "hono/html";
import { PLATFORMS } from "../../../contracts/adapter.ts";
import { DISCREPANCY_KINDS } from "../../../contracts/comparer.ts";
import {
  DISCREPANCY_STATES,
  type DiscrepancyView,
  type ReconciliationView,
} from "../../../contracts/services/reconciliations.ts";
import type { ConsoleSession } from "../console-session.ts";
import type { DiscrepancyQuery } from "../discrepancy-query.ts";
import { DISCREPANCIES, entryPath } from "../local-path.ts";
import {
  DISCREPANCY_KIND_WORDS,
  DISCREPANCY_STATE_WORDS,
  PLATFORM_WORDS,
  RECONCILIATION_STATE_WORDS,
} from "../words.ts";
import { timeOf } from "./badges.ts";
import { csrfField, layout, type Markup } from "./layout.ts";

/** What the page of discrepancies shows. */
export interface DiscrepancyList {
  readonly session: ConsoleSession;
  readonly filters: Omit<DiscrepancyQuery, "after">;
  readonly discrepancies: readonly DiscrepancyView[];
  /** The last one, with how far it is. */
  readonly run: ReconciliationView | undefined;
  /** The operator's role allows it. */
  readonly mayOperate: boolean;
  /** What the last act came to, told after the redirect. */
  readonly result: "done" | "refused" | undefined;
  /** Null on the last page. */
  readonly nextPath: string | null;
}

const NUMBER = new Intl.NumberFormat("vi-VN");
const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;

const notice = (result: NonNullable<DiscrepancyList["result"]>): Markup =>
  result === "done"
    ? html`<p class="notice good" role="status">Đã thực hiện.</p>`
    : html`<p class="notice bad" role="alert">Không thực hiện được: trạng thái đã thay đổi, hoặc hồ sơ còn trao đổi chưa xong.</p>`;

/** Whole days, else whole hours: nobody acts by minutes here. */
const age = (seconds: number): string => {
  if (seconds >= DAY_SECONDS) return `${NUMBER.format(Math.floor(seconds / DAY_SECONDS))} ngày`;
  return seconds >= HOUR_SECONDS ? `${Math.floor(seconds / HOUR_SECONDS)} giờ` : "Dưới 1 giờ";
};

const choice = (value: string, word: string, chosen: string | undefined): Markup =>
  html`<option value="${value}" ${value === (chosen ?? "") && html`selected`}>${word}</option>`;

const filterForm = ({ state, kind, platform, dossierCode }: DiscrepancyList["filters"]): Markup => html`
        <form class="filters" method="get" action="${DISCREPANCIES}" role="search">
          <label>Trạng thái
            <select name="state">${choice("all", "Tất cả", state)}
              ${DISCREPANCY_STATES.map((each) => choice(each, DISCREPANCY_STATE_WORDS[each], state))}
            </select></label>
          <label>Loại sai lệch
            <select name="kind">${choice("", "Tất cả", kind)}
              ${DISCREPANCY_KINDS.map((each) => choice(each, DISCREPANCY_KIND_WORDS[each], kind))}
            </select></label>
          <label>Hệ thống
            <select name="platform">${choice("", "Tất cả", platform)}
              ${PLATFORMS.map((each) => choice(each, PLATFORM_WORDS[each], platform))}
            </select></label>
          <label class="grow">Mã hồ sơ
            <input name="dossierCode" value="${dossierCode ?? ""}" maxlength="100" placeholder="Mã đầy đủ"
              autocapitalize="characters" autocomplete="off" spellcheck="false"></label>
          <span class="actions"><button type="submit">Lọc</button>
            <a class="button plain" href="${DISCREPANCIES}">Bỏ lọc</a></span>
        </form>`;

const compared = ({ sees }: ReconciliationView): string =>
  sees.map((kind) => DISCREPANCY_KIND_WORDS[kind].toLowerCase()).join(", ");

const lastRun = (run: ReconciliationView): Markup => html`
        <p><span class="badge ${run.state}">${RECONCILIATION_STATE_WORDS[run.state]}</span>
          ${PLATFORM_WORDS[run.platform]}, ${timeOf(run.startedAt)}:
          ${NUMBER.format(run.examined)} hồ sơ đã xem, ${NUMBER.format(run.equal)} khớp,
          ${NUMBER.format(run.present)} có mặt nhưng chưa so trạng thái,
          ${NUMBER.format(run.inFlight)} đang trao đổi, ${NUMBER.format(run.notCompared)} không so được.
          <span class="quiet block">Cách kết nối ${run.profile} chỉ thấy được: ${compared(run)}.</span>
          ${run.repairWithheld && html`<span class="quiet block">Sai lệch nhiều bất thường: không tự sửa, cần người xem.</span>`}</p>`;

const startForm = ({ session }: DiscrepancyList): Markup => html`
        <form method="post" action="${DISCREPANCIES}/start">
          ${csrfField(session.csrf)}
          <button type="submit">Đối soát ngay</button>
        </form>`;

const repairForm = ({ session }: DiscrepancyList, { id, dossierCode }: DiscrepancyView): Markup => html`
                <form method="post" action="${DISCREPANCIES}/${id}/repair">
                  ${csrfField(session.csrf)}
                  <button type="submit" aria-label="Gửi lại hồ sơ ${dossierCode}">Gửi lại</button>
                </form>`;

const difference = ({ ours, theirs }: DiscrepancyView): Markup => html`
                <span class="quiet block">${ours !== undefined && html`ở đây ${ours}`}${ours !== undefined && theirs !== undefined && ", "}${theirs !== undefined && html`ở nền tảng ${theirs}`}</span>`;

const done = ({ exchange, reason, decidedBy }: DiscrepancyView): Markup => html`
                ${exchange !== undefined && html`<a class="block" href="${entryPath(exchange)}">Trao đổi #${exchange}</a>`}
                ${reason !== undefined && html`<span class="quiet block">${decidedBy}: ${reason}</span>`}`;

const isMendable = ({ state, proposedRepair }: DiscrepancyView): boolean =>
  state === "open" && proposedRepair !== "none";

const row = (list: DiscrepancyList, view: DiscrepancyView): Markup => html`
            <tr role="row">
              <td role="cell" class="id">#${view.id}</td>
              <td role="cell" class="state"><span class="badge ${view.state}">${DISCREPANCY_STATE_WORDS[view.state]}</span></td>
              <td role="cell" data-label="Sai lệch">${DISCREPANCY_KIND_WORDS[view.kind]}${difference(view)}</td>
              <td role="cell" data-label="Hồ sơ" class="code">${view.dossierCode}
                <span class="quiet block">${PLATFORM_WORDS[view.platform]}</span></td>
              <td role="cell" data-label="Tồn tại">${age(view.ageSeconds)}</td>
              <td role="cell" data-label="Thấy lần cuối">${timeOf(view.lastSeenAt)}</td>
              <td role="cell">${list.mayOperate && isMendable(view) && repairForm(list, view)}${done(view)}</td>
            </tr>`;

const HEADINGS = ["Mã", "Trạng thái", "Sai lệch", "Hồ sơ", "Tồn tại", "Thấy lần cuối", "Việc"];

const table = (list: DiscrepancyList): Markup => html`
        <table class="imports" role="table" aria-label="Các sai lệch, mới nhất trước">
          <thead role="rowgroup"><tr role="row">
            ${HEADINGS.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}
          </tr></thead>
          <tbody role="rowgroup">${list.discrepancies.map((view) => row(list, view))}
          </tbody>
        </table>`;

/** What differs between the province and the platforms, with its age and what can be done about it. */
export const discrepanciesPage = (list: DiscrepancyList): Markup => {
  const { session, filters, discrepancies, run, mayOperate, result, nextPath } = list;
  const body = html`
      <h1>Đối soát</h1>
      ${result && notice(result)}
      <section class="card" aria-labelledby="last-run">
        <h2 id="last-run">Lần đối soát gần nhất</h2>
        ${run === undefined ? html`<p>Chưa đối soát lần nào.</p>` : lastRun(run)}
        ${mayOperate && run?.state !== "running" && startForm(list)}
      </section>
      <section class="card" aria-labelledby="discrepancies">
        <h2 id="discrepancies">Sai lệch</h2>
        ${filterForm(filters)}
        ${discrepancies.length === 0 ? html`<p class="empty">Không có sai lệch nào khớp.</p>` : table(list)}
        <nav class="pages" aria-label="Trang">
          ${nextPath !== null && html`<a class="button plain" rel="next" href="${nextPath}">Trang sau</a>`}
        </nav>
      </section>`;
  return layout({ title: "Đối soát", session, body });
};
