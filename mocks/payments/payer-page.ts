import { Hono } from "hono";
import { html } from "hono/html";
import type { Notifier } from "./notifier.ts";
import { type Held, PAYER_ACTS, type PayerAct, type Till } from "./till.ts";

const BUTTONS: Readonly<Record<PayerAct, string>> = {
  pay: "Thanh toán",
  fail: "Thanh toán thất bại",
  pending: "Chưa rõ kết quả",
  "pay-twice": "Thanh toán hai lần",
};

/** An address of the province, or none: a page must not lead to a script. */
const webAddress = (text: string | undefined): string | null =>
  text !== undefined && URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol) ? text : null;

/** What the page shows and does. */
interface PageParts {
  readonly title: string;
  readonly till: Till;
  readonly notifier: Notifier;
  /** The parameters that the payer's browser carries back. */
  returned(held: Held): Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
}

const isAct = (given: unknown): given is PayerAct => PAYER_ACTS.some((act) => act === given);

/** The payer's own page, at `/pay/{reference}`: what is owed, and a button for each way that it can go. */
export const createPayerPage = ({ title, till, notifier, returned }: PageParts): Hono => {
  const app = new Hono();
  app.get("/pay/:reference", (c) => {
    const held = till.all.get(c.req.param("reference"));
    if (held === undefined) return c.text("Không tìm thấy giao dịch", 404);
    const buttons = PAYER_ACTS.map((act) => html`<p><button name="act" value="${act}">${BUTTONS[act]}</button></p>`);
    return c.html(html`<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><p>Giao dịch <b>${held.reference}</b>: <b>${held.amount.toLocaleString("vi-VN")}</b> đồng (${held.state})</p>
<form method="post">${buttons}</form></body></html>`);
  });
  app.post("/pay/:reference", async (c) => {
    const reference = c.req.param("reference");
    const { act } = await c.req.parseBody();
    const held = till.all.get(reference);
    if (held === undefined) return c.text("Không tìm thấy giao dịch", 404);
    if (!isAct(act)) return c.text(`act: ${PAYER_ACTS.join(", ")}`, 400);
    for (const each of till.act(reference, act)) if (each.state !== "pending") await notifier.notify(each);
    const to = webAddress(held.returnUrl);
    if (to === null) return c.text(`${held.state}\n`);
    const url = new URL(to);
    for (const [name, value] of Object.entries(await returned(held))) url.searchParams.set(name, value);
    return c.redirect(url.href, 303);
  });
  return app;
};
