import type { createApp } from "../../src/app.ts";

/** An answer with its body read. */
export interface Visited {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where the answer sends the browser, or null. */
  readonly location: string | null;
}

/** A browser without its window: keeps cookies, follows nothing, fills in forms. */
export const createVisitor = (app: ReturnType<typeof createApp>) => {
  const cookies = new Map<string, string>();

  const keep = (headers: Headers): void => {
    for (const line of headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
      if (/Max-Age=0/iu.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
  };

  const send = async (path: string, init: RequestInit = {}): Promise<Visited> => {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await app.request(path, { ...init, headers });
    keep(answer.headers);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, location: answer.headers.get("location") };
  };

  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    send(path, { method: "POST", body: new URLSearchParams(fields) });

  /** Opens the login form, fills it in and sends it. */
  const logIn = async (operator: string, secret = `${operator}-secret`, next = "/console"): Promise<Visited> => {
    const form = await send("/console/login");
    return post("/console/login", { operator, secret, next, csrf: tokenIn(form.text) });
  };

  return { cookies, get: (path: string) => send(path), send, post, logIn };
};

/** The token in the forms of a page. */
export const tokenIn = (page: string): string => {
  const token = /name="csrf" value="([^"]*)"/u.exec(page)?.[1];
  if (token === undefined) throw new Error("the page has no form with a token");
  return token;
};

/** What a person reads on a page: no markup, single spaces. */
export const wordsOf = (page: string): string =>
  page
    .replace(/^[\s\S]*<body>/u, "")
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .trim();
