import { agencyCovers, normalizeAgencyCode } from "../../contracts/identifiers.ts";
import type { Event, EventType } from "../../contracts/services/inbox.ts";
import type { Executor } from "../database/database.ts";
import { payloadContext, type WebhookDelivery } from "../ledger/open-message.ts";
import type { Sealer } from "../security/sealing.ts";
import { insertEvents } from "./insert-events.ts";
import { type NewDelivery, queueDeliveries } from "./queue-deliveries.ts";
import { readSubscribers, type Subscriber } from "./read-subscribers.ts";

/** Something that happened and that the province's software is told. */
export interface NewEvent {
  /** Absent: a new one is made. Given where the data name their own event. */
  readonly id?: string;
  readonly type: EventType;
  readonly occurredAt: Date;
  /** Events of one subject are pushed in the order recorded. */
  readonly subject: string;
  /** The owner. Absent: it belongs to no agency and goes to the province's own clients (api section 8). */
  readonly agency?: string | undefined;
  /** The dossier whose exchanges the deliveries are listed with. */
  readonly dossierCode?: string | undefined;
  /** Kept sealed; the pushed event shows it to whoever has the webhook. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
}

/** What recording is made of. */
export interface RecorderParts {
  readonly tenant: string;
  /** `AGENCY_CODE`. */
  readonly agencyCode: string;
  readonly sealer: Sealer;
  /** 32 hexadecimal digits, new each time. */
  readonly newId: () => string;
}

/** Binds an event's sealed data to the event. */
export const eventContext = (tenant: string, id: string): string => `event:${tenant}:${id}`;

const DELIVERY = { operation: "webhook.deliver", dossierCode: "" } as const;

const isFor = ({ types, agency }: Subscriber, event: Event): boolean =>
  (types === null || types.includes(event.type)) && agencyCovers(agency, event.agency);

const deliveriesOf = (
  { tenant, sealer }: RecorderParts,
  subscribers: readonly Subscriber[],
  event: Event,
  { dossierCode, correlationId }: NewEvent,
): NewDelivery[] =>
  subscribers
    .filter((subscriber) => isFor(subscriber, event))
    .map(({ id: webhookId, client, agency }) => {
      const carried: WebhookDelivery = { webhookId, event };
      const payload = sealer.seal(JSON.stringify(carried), payloadContext(tenant, DELIVERY));
      return {
        webhookId,
        client,
        agency,
        subject: event.subject,
        dossierCode: dossierCode ?? null,
        correlationId,
        payload,
      };
    });

/** Events with few statements, however many they are; more than this at once are recorded in several turns. */
const MOST_AT_ONCE = 1000;

/**
 * Records events for the inbox and queues them for the webhooks that ask for them, in the transaction of whatever caused
 * them: both are there, or nothing is.
 *
 * @returns whether something was queued for the platform `province`, to be woken after the commit.
 */
export const recordEvents = async (
  executor: Executor,
  parts: RecorderParts,
  news: readonly NewEvent[],
): Promise<boolean> => {
  if (news.length > MOST_AT_ONCE) {
    const first = await recordEvents(executor, parts, news.slice(0, MOST_AT_ONCE));
    return (await recordEvents(executor, parts, news.slice(MOST_AT_ONCE))) || first;
  }
  if (news.length === 0) return false;
  const { tenant, agencyCode, sealer, newId } = parts;
  const events = news.map(
    ({ id, type, occurredAt, subject, agency, data }): Event => ({
      id: id ?? `evt_${newId()}`,
      type,
      occurredAt: occurredAt.toISOString(),
      subject,
      agency: normalizeAgencyCode(agency ?? agencyCode),
      data,
    }),
  );
  const sealed = events.map((event) => ({
    event,
    data: sealer.seal(JSON.stringify(event.data), eventContext(tenant, event.id)),
  }));
  await insertEvents(executor, tenant, sealed);
  const subscribers = await readSubscribers(executor, tenant);
  const deliveries = events.flatMap((event, n) => {
    const cause = news[n];
    return cause === undefined ? [] : deliveriesOf(parts, subscribers, event, cause);
  });
  if (deliveries.length > 0) await queueDeliveries(executor, tenant, deliveries);
  return deliveries.length > 0;
};
