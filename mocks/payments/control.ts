import { type Context, Hono } from "hono";
import type { PaymentDial } from "./dial.ts";
import type { Notifier } from "./notifier.ts";
import { PAYER_ACTS, type PayerAct, type Till } from "./till.ts";

/** Where a platform reports to; it can be told another address. */
export interface ReportPlace {
  /** The province's address for reports; undefined: none is known. */
  notifyUrl: string | undefined;
  /** Where payers come back to, at platforms that are told so once and for all. */
  returnUrl: string | undefined;
}

interface Controlled {
  readonly dial: PaymentDial;
  readonly till: Till;
  readonly notifier: Notifier;
  readonly place: ReportPlace;
}

const readBody = async (c: Context): Promise<Record<string, unknown>> => {
  const body: unknown = await c.req.json<unknown>().catch(() => undefined);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
};

/**
 * The simulator's own routes, for tests, rehearsals and the demonstration; no part of the platform's contract.
 * `GET`, `POST`, `DELETE /__simulator/dial`: the rules in force, other rules (one or a list), none.
 * `GET /__simulator/state`: transactions, reports sent and how they were answered; `DELETE`: as at the start.
 * `POST /__simulator/payers` `{reference, act: pay/fail/pending/pay-twice}`: what the payer's page does.
 * `POST /__simulator/reports` `{order?: first/last, again?}`: sends what is held, and what was not taken once more.
 * `POST /__simulator/place` `{notifyUrl?, returnUrl?}`: where the province is.
 */
export const createPaymentControl = ({ dial, till, notifier, place }: Controlled): Hono => {
  const app = new Hono().basePath("/__simulator");
  app.get("/dial", (c) => c.json({ rules: dial.rules }));
  app.post("/dial", async (c) => {
    try {
      dial.set(await c.req.json<unknown>().catch(() => undefined));
      return c.json({ rules: dial.rules });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return c.json({ error: error.message }, 400);
    }
  });
  app.delete("/dial", (c) => {
    dial.clear();
    return c.body(null, 204);
  });
  app.get("/state", (c) =>
    c.json({ transactions: [...till.all.values()], reports: notifier.sent, held: notifier.held, place }),
  );
  app.delete("/state", (c) => {
    till.clear();
    notifier.clear();
    return c.body(null, 204);
  });
  app.post("/payers", async (c) => {
    const { reference, act } = await readBody(c);
    const known = PAYER_ACTS.find((each): each is PayerAct => each === act);
    if (typeof reference !== "string" || known === undefined)
      return c.json({ error: `reference: a text; act: ${PAYER_ACTS.join(", ")}` }, 400);
    const ended = till.act(reference, known);
    if (ended.length === 0) return c.json({ error: "not held" }, 404);
    for (const each of ended) if (each.state !== "pending") await notifier.notify(each);
    return c.json({ transaction: till.all.get(reference) });
  });
  app.post("/reports", async (c) => {
    const { order = "first", again = false } = await readBody(c);
    if ((order !== "first" && order !== "last") || typeof again !== "boolean")
      return c.json({ error: "order: first or last; again: true or false" }, 400);
    return c.json({ sent: await notifier.release(order, again) });
  });
  app.post("/place", async (c) => {
    const { notifyUrl = place.notifyUrl, returnUrl = place.returnUrl } = await readBody(c);
    const isPlace = (given: unknown): given is string | undefined =>
      given === undefined || (typeof given === "string" && URL.canParse(given));
    if (!isPlace(notifyUrl) || !isPlace(returnUrl)) return c.json({ error: "notifyUrl, returnUrl: addresses" }, 400);
    Object.assign(place, { notifyUrl, returnUrl });
    return c.json(place);
  });
  return app;
};
