import type { PlatformId } from "../../contracts/adapter.ts";
import type { Settlement } from "../../contracts/ledger.ts";
import type { Database } from "../database/database.ts";
import type { SettleCompanion } from "../ledger/dispatch-ledger.ts";
import type { BackOff } from "../resilience/back-off.ts";
import { verdictOfFault } from "../resilience/breaker-watch.ts";
import { exchangeEvents } from "./exchange-events.ts";
import { type DeliveryEnding, noteDeliveries } from "./note-deliveries.ts";
import { type RecorderParts, recordEvents } from "./record-events.ts";
import type { Subscriptions } from "./watch-subscriptions.ts";

/** What telling of exchanges is made of. */
export interface TellerParts {
  readonly database: Database;
  readonly recorder: RecorderParts;
  readonly subscriptions: Subscriptions;
  readonly now: () => Date;
}

/**
 * Tells the province of exchanges beside their settle: `exchange.failed` always, `exchange.delivered` only while somebody asks for
 * it, since it would double the work of every delivery. With nothing to tell, the settle stays the one statement that it is.
 */
export const tellExchanges =
  (platform: PlatformId, { database, recorder, subscriptions, now }: TellerParts): SettleCompanion =>
  async (settlements) => {
    const delivered = settlements.some(({ next }) => next.state === "delivered");
    const wanted = delivered && (await subscriptions.wanted(database, "exchange.delivered"));
    const told = settlements.filter(({ next: { state } }) => state === "failed" || (wanted && state === "delivered"));
    if (told.length === 0) return null;
    return async (executor, ours) => {
      const still = told.filter(({ entry }) => ours.has(entry.id));
      if (still.length === 0) return;
      const events = await exchangeEvents(executor, recorder.tenant, platform, still, now());
      // Nobody is woken: deliveries are looked for four times a second, and a settle knows no other platform's dispatcher.
      await recordEvents(executor, recorder, events);
    };
  };

/** Nothing was tried, or it is no fault of the endpoint: null. */
const endingOf = ({ entry, next, attempts }: Settlement): DeliveryEnding | null => {
  if (next.state === "delivered") return { id: entry.id, ended: "good", waitMs: 0 };
  const { fault } = next;
  if (attempts.length === 0) return null;
  if (fault.code === "gone") return { id: entry.id, ended: "gone", waitMs: 0 };
  if (verdictOfFault(fault) !== "bad") return null;
  return { id: entry.id, ended: "bad", waitMs: (fault.retryAfterSeconds ?? 0) * 1000 };
};

/** Notes beside the settle of deliveries how their endpoints fare. Of webhooks themselves no webhook is told. */
export const noteEndpoints =
  (tenant: string, backOff: BackOff): SettleCompanion =>
  async (settlements) => {
    const endings = settlements.map(endingOf).filter((ending) => ending !== null);
    if (endings.length === 0) return null;
    return async (executor, ours) => {
      const still = endings.filter(({ id }) => ours.has(id));
      if (still.length > 0) await noteDeliveries(executor, tenant, still, backOff);
    };
  };
