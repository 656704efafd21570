import type { CallContext, PlatformId } from "../../contracts/adapter.ts";
import type { ClaimedEntry, Lease } from "../../contracts/ledger.ts";
import type { EventType } from "../../contracts/services/inbox.ts";
import type { AlarmChanges } from "../alarms/evaluate-alarms.ts";
import type { Database, Executor } from "../database/database.ts";
import type { SettleCompanion } from "../ledger/dispatch-ledger.ts";
import type { BackOff } from "../resilience/back-off.ts";
import type { Sealer } from "../security/sealing.ts";
import { alarmEvents } from "./alarm-events.ts";
import { claimDeliveries } from "./claim-deliveries.ts";
import { findEndpoint } from "./find-endpoint.ts";
import { createInboxDesk, type InboxDesk } from "./inbox-desk.ts";
import { numberEvents } from "./number-events.ts";
import { type NewEvent, type RecorderParts, recordEvents } from "./record-events.ts";
import { noteEndpoints, tellExchanges } from "./settle-companions.ts";
import { watchSubscriptions } from "./watch-subscriptions.ts";
import { createWebhookDesk, type LookUp, type WebhookDesk } from "./webhook-desk.ts";

/** What the deployment's inbox is made of. */
export interface InboxParts {
  readonly tenant: string;
  readonly agencyCode: string;
  readonly sealer: Sealer;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** `INBOX_EVENTS`: recorded for the inbox although no webhook asks for them. */
  readonly always: readonly EventType[];
  /** `WEBHOOK_ALLOW_PRIVATE`. */
  readonly allowPrivate: boolean;
  readonly lookUp?: LookUp | undefined;
}

/** How deliveries are claimed, carried out and settled, where they differ from other platforms' exchanges. */
export interface DeliveryParts {
  readonly claim: (executor: Executor, limit: number) => Promise<ClaimedEntry[]>;
  readonly endpoint: NonNullable<CallContext["endpoint"]>;
  readonly companion: SettleCompanion;
}

/** What the province is told, and how: one for the deployment, over whatever database it is given. */
export interface Inbox {
  desks(database: Database): { readonly inbox: InboxDesk; readonly webhooks: WebhookDesk };
  /** Records events in the transaction of whatever caused them. @returns whether the platform `province` has work after the commit */
  record(executor: Executor, events: readonly NewEvent[]): Promise<boolean>;
  recordAlarms(executor: Executor, changes: AlarmChanges): Promise<boolean>;
  /** Tells of a platform's exchanges beside their settle. */
  teller(database: Database, platform: PlatformId): SettleCompanion;
  deliveries(database: Database, lease: Lease, settings: { concurrency: number; backOff: BackOff }): DeliveryParts;
  /** Gives positions to what was recorded since. @returns how many */
  number(database: Database): Promise<number>;
}

/** No endpoint has more than this part of the calls in flight: several may hang before the others feel it. */
const SHARE_OF_AN_ENDPOINT = 1 / 4;

const newId = (): string => crypto.randomUUID().replaceAll("-", "");

/** Puts the inbox together. */
export const openInbox = (parts: InboxParts): Inbox => {
  const { tenant, agencyCode, sealer, now, elapsed, always, allowPrivate, lookUp } = parts;
  const recorder: RecorderParts = { tenant, agencyCode, sealer, newId };
  const subscriptions = watchSubscriptions(tenant, always, elapsed);
  const { changed } = subscriptions;
  const record: Inbox["record"] = (executor, events) => recordEvents(executor, recorder, events);
  return {
    desks: (database) => ({
      inbox: createInboxDesk({ database, tenant, sealer }),
      webhooks: createWebhookDesk({ database, tenant, sealer, newId, allowPrivate, lookUp, changed }),
    }),
    record,
    recordAlarms: (executor, changes) => record(executor, alarmEvents(changes, now(), `alarms-${newId()}`)),
    teller: (database, platform) => tellExchanges(platform, { database, recorder, subscriptions, now }),
    deliveries: (database, lease, { concurrency, backOff }) => {
      const perEndpoint = Math.max(1, Math.floor(concurrency * SHARE_OF_AN_ENDPOINT));
      return {
        claim: (executor, limit) => claimDeliveries(executor, tenant, lease, { limit, perEndpoint }),
        endpoint: (id) => findEndpoint(database, tenant, sealer, id),
        companion: noteEndpoints(tenant, backOff),
      };
    },
    number: (database) => numberEvents(database, tenant),
  };
};
