import { html } from "hono/html";
import type { ConsoleSession } from "../console-session.ts";
import { CSRF_FIELD } from "../form.ts";
import { CONSOLE, DISCREPANCIES, DOSSIERS, IMPORTS } from "../local-path.ts";
import { ROLE_WORDS } from "../words.ts";

/** A piece of a page. Values put into an `html` template are escaped by it; there is no other way in. */
export type Markup = ReturnType<typeof html>;

/** What every page has. */
export interface PageParts {
  readonly title: string;
  readonly body: Markup;
  /** Absent on pages for everyone. */
  readonly session?: ConsoleSession;
}

/** The hidden field that proves a form is ours. */
export const csrfField = (token: string): Markup => html`<input type="hidden" name="${CSRF_FIELD}" value="${token}">`;

const account = ({ operator, csrf }: ConsoleSession): Markup => html`
      <form class="account" method="post" action="${CONSOLE}/logout">
        ${csrfField(csrf)}
        <span><b>${operator.id}</b> <span class="quiet">${ROLE_WORDS[operator.role]}</span></span>
        <button class="plain" type="submit">Đăng xuất</button>
      </form>`;

const rooms = html`
      <nav class="rooms" aria-label="Các trang"><a href="${CONSOLE}">Sổ liên thông</a> <a href="${DOSSIERS}">Tra cứu hồ sơ</a> <a href="${IMPORTS}">Nạp hồ sơ</a> <a href="${DISCREPANCIES}">Đối soát</a></nav>`;

/** A whole page. */
export const layout = ({ title, body, session }: PageParts): Markup => html`<!doctype html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Liên Thông Gateway</title>
    <link rel="icon" href="${CONSOLE}/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="${CONSOLE}/style.css">
  </head>
  <body>
    <a class="skip" href="#main">Đến nội dung chính</a>
    <header>
      <a class="brand" href="${CONSOLE}"><img src="${CONSOLE}/icon.svg" alt="" width="28" height="28">
        <span>Liên Thông Gateway <small>Bàn điều hành</small></span></a>${session && rooms}${session && account(session)}
    </header>
    <main id="main">${body}
    </main>
  </body>
</html>
`;
