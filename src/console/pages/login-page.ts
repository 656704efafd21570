import { html } from "hono/html";
import { CONSOLE } from "../local-path.ts";
import { csrfField, layout, type Markup } from "./layout.ts";

/** Why the try before was refused. */
type LoginRefusal = { readonly kind: "wrong" } | { readonly kind: "blocked"; readonly retryAfterSeconds: number };

/** What the login form shows. */
export interface LoginForm {
  readonly csrf: string;
  /** Where to go afterwards: a path of the console. */
  readonly next: string;
  readonly name?: string;
  readonly refusal?: LoginRefusal;
}

const waitOf = (seconds: number): string => (seconds < 60 ? `${seconds} giây` : `${Math.ceil(seconds / 60)} phút`);

const refusalText = (refusal: LoginRefusal): string =>
  refusal.kind === "wrong"
    ? "Tên đăng nhập hoặc mật khẩu không đúng."
    : `Đã sai quá nhiều lần. Hãy thử lại sau ${waitOf(refusal.retryAfterSeconds)}.`;

/** The login form. */
export const loginPage = ({ csrf, next, name, refusal }: LoginForm): Markup => {
  const body = html`
      <section class="card narrow">
        <h1>Đăng nhập</h1>
        <p class="quiet">Dành cho người vận hành liên thông của tỉnh.</p>
        ${refusal && html`<p class="notice bad" role="alert">${refusalText(refusal)}</p>`}
        <form class="stack" method="post" action="${CONSOLE}/login">
          ${csrfField(csrf)}
          <input type="hidden" name="next" value="${next}">
          <label>Tên đăng nhập
            <input name="operator" value="${name ?? ""}" required maxlength="100" autocomplete="username"
              autocapitalize="none" spellcheck="false" ${name === undefined && html`autofocus`}></label>
          <label>Mật khẩu
            <input name="secret" type="password" required maxlength="1024" autocomplete="current-password"
              ${name !== undefined && html`autofocus`}></label>
          <button type="submit">Đăng nhập</button>
        </form>
      </section>`;
  return layout({ title: "Đăng nhập", body });
};
