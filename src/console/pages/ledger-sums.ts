import { html } from "hono/html";
import type { LedgerSummary } from "../../../contracts/services/ledger.ts";
import { listPath } from "../entry-query.ts";
import { DIRECTION_WORDS, PLATFORM_WORDS } from "../words.ts";
import type { Markup } from "./layout.ts";

type Sum = LedgerSummary["items"][number];

const NUMBER = new Intl.NumberFormat("vi-VN");

const part = (
  sum: Sum,
  name: "delivered" | "failed" | "cancelled" | "superseded" | "pending",
  word: string,
): Markup => {
  const path = listPath({ state: name, platform: sum.platform });
  return html`
          <li class="${name}"><a href="${path}"><b>${NUMBER.format(sum[name])}</b> <span>${word}</span></a></li>`;
};

const equation = (sum: Sum): Markup => {
  const all = listPath({ platform: sum.platform });
  return html`
        <h3>${PLATFORM_WORDS[sum.platform]} <span class="quiet">${DIRECTION_WORDS[sum.direction]}</span></h3>
        <ul class="equation">
          <li class="accepted"><a href="${all}"><b>${NUMBER.format(sum.accepted)}</b> <span>đã nhận</span></a></li>
          ${part(sum, "delivered", "đã giao")}
          ${part(sum, "failed", "thất bại")}
          ${part(sum, "cancelled", "đã huỷ")}
          ${part(sum, "superseded", "được thay thế")}
          ${part(sum, "pending", "đang chờ")}
        </ul>`;
};

/** The sum that always balances (design section 6): accepted = delivered + failed + cancelled + superseded + pending. */
export const ledgerSums = (sums: readonly Sum[]): Markup => html`
      <section class="card" aria-labelledby="sums">
        <h2 id="sums">Đối chiếu</h2>
        ${sums.length === 0 ? html`<p class="quiet">Chưa nhận trao đổi nào.</p>` : sums.map(equation)}
      </section>`;
