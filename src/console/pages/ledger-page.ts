import { html } from "hono/html";
import { PLATFORMS } from "../../../contracts/adapter.ts";
import type { EntryView, LedgerSummary } from "../../../contracts/services/ledger.ts";
import type { ConsoleSession } from "../console-session.ts";
import { type EntryQuery, STATE_CHOICES } from "../entry-query.ts";
import { CONSOLE, entryPath } from "../local-path.ts";
import { OPERATION_WORDS, PLATFORM_WORDS, STATE_WORDS } from "../words.ts";
import { stateBadge, timeOf } from "./badges.ts";
import { layout, type Markup } from "./layout.ts";
import { ledgerSums } from "./ledger-sums.ts";

/** What the list shows. */
export interface LedgerList {
  readonly session: ConsoleSession;
  readonly filters: Omit<EntryQuery, "cursor">;
  readonly entries: readonly EntryView[];
  readonly sums: LedgerSummary["items"];
  /** Null on the last page. */
  readonly nextPath: string | null;
  /** Null on the first page. */
  readonly firstPath: string | null;
}

const choice = (value: string, word: string, chosen: string | undefined): Markup =>
  html`<option value="${value}" ${value === (chosen ?? "") && html`selected`}>${word}</option>`;

const filterForm = ({ state, platform, dossierCode }: LedgerList["filters"]): Markup => html`
        <form class="filters" method="get" action="${CONSOLE}" role="search">
          <label>Trạng thái
            <select name="state">
              ${choice("", "Tất cả", state)}
              ${STATE_CHOICES.map((each) =>
                choice(each, each === "pending" ? "Đang chờ (mọi bước)" : STATE_WORDS[each], state),
              )}
            </select></label>
          <label>Hệ thống
            <select name="platform">
              ${choice("", "Tất cả", platform)}
              ${PLATFORMS.map((each) => choice(each, PLATFORM_WORDS[each], platform))}
            </select></label>
          <label class="grow">Mã hồ sơ
            <input name="dossierCode" value="${dossierCode ?? ""}" maxlength="200" placeholder="Mã đầy đủ"
              autocapitalize="characters" autocomplete="off" spellcheck="false"></label>
          <span class="actions"><button type="submit">Lọc</button>
            <a class="button plain" href="${CONSOLE}">Bỏ lọc</a></span>
        </form>`;

const situation = ({ error, blockedBy, nextAttemptAt, state }: EntryView): Markup => {
  if (blockedBy !== undefined) {
    return html`Bị chặn bởi trao đổi <a href="${entryPath(blockedBy)}">#${blockedBy}</a>`;
  }
  const next = state === "waiting" && nextAttemptAt !== undefined;
  return html`${error?.title}${next && html` <span class="quiet block">Gửi lại lúc ${timeOf(nextAttemptAt)}</span>`}`;
};

// Narrow screens show a row as a card, which takes its meaning as a table away unless the roles say it.
const row = (entry: EntryView): Markup => html`
            <tr role="row">
              <td role="cell" class="id"><a href="${entryPath(entry.id)}">#${entry.id}</a></td>
              <td role="cell" class="state">${stateBadge(entry.state)}</td>
              <td role="cell" class="task">${OPERATION_WORDS[entry.operation]}
                <span class="quiet block">${PLATFORM_WORDS[entry.platform]}</span></td>
              <td role="cell" data-label="Hồ sơ" class="code">${entry.dossierCode ?? entry.subject}</td>
              <td role="cell">${situation(entry)}</td>
              <td role="cell" data-label="Số lần thử" class="number">${entry.attempts}</td>
              <td role="cell" data-label="Nhận lúc">${timeOf(entry.acceptedAt)}</td>
            </tr>`;

const HEADINGS = ["Mã", "Trạng thái", "Việc", "Hồ sơ", "Tình hình", "Số lần thử", "Nhận lúc"];

const table = (entries: readonly EntryView[]): Markup => html`
        <table role="table" aria-label="Các trao đổi, mới nhất trước">
          <thead role="rowgroup"><tr role="row">
            ${HEADINGS.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}
          </tr></thead>
          <tbody role="rowgroup">${entries.map(row)}
          </tbody>
        </table>`;

/** The latest exchanges, newest first, with the sum above them. */
export const ledgerPage = ({ session, filters, entries, sums, nextPath, firstPath }: LedgerList): Markup => {
  const body = html`
      <h1>Sổ liên thông</h1>
      ${ledgerSums(sums)}
      <section class="card" aria-labelledby="entries">
        <h2 id="entries">Các trao đổi</h2>
        ${filterForm(filters)}
        ${entries.length === 0 ? html`<p class="empty">Không có trao đổi nào khớp.</p>` : table(entries)}
        <nav class="pages" aria-label="Trang">
          ${firstPath !== null && html`<a class="button plain" href="${firstPath}">Về trang đầu</a>`}
          ${nextPath !== null && html`<a class="button plain" rel="next" href="${nextPath}">Trang sau</a>`}
        </nav>
      </section>`;
  return layout({ title: "Sổ liên thông", session, body });
};
