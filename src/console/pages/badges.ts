import { html } from "hono/html";
import type { EntryState } from "../../../contracts/ledger.ts";
import type { AttemptView } from "../../../contracts/services/ledger.ts";
import { vietnamTime } from "../vietnam-time.ts";
import { OUTCOME_WORDS, STATE_WORDS } from "../words.ts";
import type { Markup } from "./layout.ts";

/** A state as a coloured word: the colour helps, the word says it. */
export const stateBadge = (state: EntryState): Markup =>
  html`<span class="badge ${state}">${STATE_WORDS[state]}</span>`;

/** How an attempt ended, as a coloured word. */
export const outcomeBadge = (outcome: AttemptView["outcome"]): Markup =>
  html`<span class="badge ${outcome}">${OUTCOME_WORDS[outcome]}</span>`;

/** A moment on a clock in Vietnam. */
export const timeOf = (moment: string): Markup => html`<time datetime="${moment}">${vietnamTime(moment)}</time>`;
