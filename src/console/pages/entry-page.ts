import { html } from "hono/html";
import type { EntryState } from "../../../contracts/ledger.ts";
import type { EntryDetail } from "../../../contracts/services/ledger.ts";
import type { ConsoleSession } from "../console-session.ts";
import { listPath } from "../entry-query.ts";
import { CONSOLE, entryPath } from "../local-path.ts";
import { DIRECTION_WORDS, OPERATION_WORDS, PLATFORM_WORDS, priorityWord } from "../words.ts";
import { attemptLog } from "./attempt-log.ts";
import { stateBadge, timeOf } from "./badges.ts";
import { csrfField, layout, type Markup } from "./layout.ts";

/** What became of a retry, told after the redirect. */
export type RetryResult = "retried" | "refused";

/** What the page of one entry shows. */
export interface EntryParts {
  readonly session: ConsoleSession;
  readonly entry: EntryDetail;
  /** The operator's role allows it. */
  readonly mayRetry: boolean;
  readonly result: RetryResult | undefined;
}

/** A queued entry is due already: retrying changes nothing (api section 4). */
const RETRIED_STATES: readonly EntryState[] = ["failed", "waiting"];

const notice = (result: RetryResult): Markup =>
  result === "retried"
    ? html`<p class="notice good" role="status">Đã đưa trao đổi vào hàng gửi ngay. Tải lại trang để xem kết quả.</p>`
    : html`<p class="notice bad" role="alert">Không thử lại được: trạng thái của trao đổi đã thay đổi.</p>`;

const cause = ({ error }: EntryDetail): Markup | undefined =>
  error &&
  html`
        <section class="cause" aria-labelledby="cause">
          <h2 id="cause">Nguyên nhân: ${error.title}</h2>
          ${error.detail !== error.title && html`<p><b>Chi tiết:</b> ${error.detail}</p>`}
          ${error.platformCode !== undefined && html`<p class="quiet">Mã của nền tảng: <code>${error.platformCode}</code></p>`}
          <p><b>Cách xử lý:</b> ${error.remedy}</p>
        </section>`;

const blocked = ({ blockedBy }: EntryDetail): Markup | undefined =>
  blockedBy === undefined
    ? undefined
    : html`
        <section class="cause" aria-labelledby="blocked">
          <h2 id="blocked">Đang bị chặn</h2>
          <p>Trao đổi <a href="${entryPath(blockedBy)}">#${blockedBy}</a> của cùng hồ sơ đã thất bại và phải được xử lý trước:
            các bước của một hồ sơ được gửi đúng thứ tự.</p>
        </section>`;

const retryForm = ({ session, entry, mayRetry }: EntryParts): Markup | undefined => {
  if (!RETRIED_STATES.includes(entry.state)) return undefined;
  if (!mayRetry) return html`<p class="quiet">Tài khoản chỉ xem; người vận hành mới thử lại được.</p>`;
  return html`
        <form method="post" action="${entryPath(entry.id)}/retry">
          ${csrfField(session.csrf)}
          <button type="submit">Thử lại ngay</button>
        </form>`;
};

const fact = (name: string, value: Markup | string | number | undefined): Markup | undefined =>
  value === undefined ? undefined : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

const dossierLink = (dossierCode: string): Markup => html`<a href="${listPath({ dossierCode })}">${dossierCode}</a>`;

// Behind a failed one an entry's own due time says nothing.
const nextTime = ({ nextAttemptAt, blockedBy }: EntryDetail): Markup | undefined =>
  nextAttemptAt === undefined || blockedBy !== undefined ? undefined : timeOf(nextAttemptAt);

const facts = (entry: EntryDetail): Markup => html`
        <dl class="facts">
          ${fact("Hồ sơ", entry.dossierCode === undefined ? undefined : dossierLink(entry.dossierCode))}
          ${fact("Đối tượng", entry.subject === entry.dossierCode ? undefined : entry.subject)}
          ${fact("Hệ thống", PLATFORM_WORDS[entry.platform])}
          ${fact("Chiều", DIRECTION_WORDS[entry.direction])}
          ${fact("Phần mềm gọi", entry.client)}
          ${fact("Độ ưu tiên", priorityWord(entry.priority))}
          ${fact("Số lần thử", entry.attempts)}
          ${fact("Nhận lúc", timeOf(entry.acceptedAt))}
          ${fact("Gửi tiếp lúc", nextTime(entry))}
          ${fact("Kết thúc lúc", entry.settledAt === undefined ? undefined : timeOf(entry.settledAt))}
          ${fact(
            "Được thay thế bởi",
            entry.supersededBy === undefined
              ? undefined
              : html`<a href="${entryPath(entry.supersededBy)}">#${entry.supersededBy}</a>`,
          )}
          ${fact("Mã tương quan", html`<code>${entry.correlationId}</code>`)}
        </dl>`;

/** One exchange: what it is, why it stands still, what can be done, and every attempt. */
export const entryPage = (parts: EntryParts): Markup => {
  const { session, entry, result } = parts;
  const title = `${OPERATION_WORDS[entry.operation]} #${entry.id}`;
  const body = html`
      <p class="back"><a href="${CONSOLE}">← Sổ liên thông</a></p>
      ${result && notice(result)}
      <section class="card">
        <div class="headline"><h1>${title}</h1> ${stateBadge(entry.state)}</div>
        ${cause(entry)}${blocked(entry)}${retryForm(parts)}${facts(entry)}
      </section>
      ${attemptLog(entry.attemptLog, entry.bodiesErasedAt)}`;
  return layout({ title, session, body });
};
