import { html } from "hono/html";

/** A piece of page: everything put into it was escaped. */
export type Markup = ReturnType<typeof html>;

/** A table, or what is said when it has no row. */
export const table = (headings: readonly string[], rows: readonly Markup[], none: string): Markup =>
  rows.length === 0
    ? html`<p>${none}</p>`
    : html`<table><thead><tr>${headings.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
