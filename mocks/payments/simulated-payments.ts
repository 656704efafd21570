import type { Hono } from "hono";
import type { PaymentDial } from "./dial.ts";
import type { Notifier } from "./notifier.ts";
import type { Till } from "./till.ts";

/** A platform that takes payments, played from its document. */
export interface SimulatedPayments {
  readonly app: Hono;
  readonly dial: PaymentDial;
  readonly till: Till;
  readonly notifier: Notifier;
}

/** The members of a JSON object, numbers and texts as texts; undefined for anything else. */
export const textsOf = (given: unknown): Record<string, string> | undefined => {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const texts = Object.entries(given).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
};
