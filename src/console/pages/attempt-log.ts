import { html } from "hono/html";
import { ERRORS } from "../../../contracts/errors.ts";
import type { AttemptView } from "../../../contracts/services/ledger.ts";
import { KIND_WORDS } from "../words.ts";
import { outcomeBadge, timeOf } from "./badges.ts";
import type { Markup } from "./layout.ts";

/** Bodies of the newest attempts are shown; of what was repeated for days the earlier ones say the same. */
const ATTEMPTS_WITH_BODIES = 20;
const SHOWN_CHARACTERS = 20_000;

const DURATION = new Intl.NumberFormat("vi-VN");

const body = (name: string, text: string): Markup => {
  const more = text.length - SHOWN_CHARACTERS;
  return html`
            <h4>${name}</h4>
            ${text === "" ? html`<p class="quiet">(trống)</p>` : html`<pre tabindex="0">${text.slice(0, SHOWN_CHARACTERS)}</pre>`}
            ${more > 0 && html`<p class="quiet">Còn ${DURATION.format(more)} ký tự không hiển thị.</p>`}`;
};

const facts = ({ startedAt, durationMs, httpStatus, errorCode }: AttemptView): Markup => html`
            <span class="quiet">${timeOf(startedAt)} · ${DURATION.format(durationMs)} ms${
              httpStatus !== undefined && html` · HTTP ${httpStatus}`
            }${errorCode !== undefined && html` · ${ERRORS[errorCode].title.vi}`}</span>`;

const attempt = (view: AttemptView, newest: boolean): Markup => html`
          <details class="attempt" ${newest && html`open`}>
            <summary><b>Lần ${view.n}</b> ${KIND_WORDS[view.kind]} ${outcomeBadge(view.outcome)}${facts(view)}</summary>
            ${body("Đã gửi", view.request)}
            ${body("Đã nhận", view.response)}
          </details>`;

const brief = (view: AttemptView): Markup => html`
          <p class="attempt"><b>Lần ${view.n}</b> ${KIND_WORDS[view.kind]} ${outcomeBadge(view.outcome)}${facts(view)}</p>`;

/**
 * The attempts of an entry, newest first, personal data masked.
 * @param log oldest first, as the ledger gives it
 * @param bodiesErasedAt when what was sent and received was erased; absent while it is kept
 */
export const attemptLog = (log: readonly AttemptView[], bodiesErasedAt?: string): Markup => {
  const newestFirst = log.toReversed();
  return html`
      <section class="card" aria-labelledby="attempts">
        <h2 id="attempts">Nhật ký các lần thử</h2>
        ${
          bodiesErasedAt === undefined
            ? html`<p class="quiet">Mới nhất trước. Dữ liệu cá nhân đã được che.</p>`
            : html`<p class="quiet">Mới nhất trước. Nội dung đã gửi và đã nhận được xoá ${timeOf(bodiesErasedAt)} vì hết thời hạn lưu.</p>`
        }
        ${
          log.length === 0
            ? html`<p class="empty">Chưa thử lần nào.</p>`
            : newestFirst.map((view, index) =>
                bodiesErasedAt === undefined && index < ATTEMPTS_WITH_BODIES ? attempt(view, index === 0) : brief(view),
              )
        }
      </section>`;
};
