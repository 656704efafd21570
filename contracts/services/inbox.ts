import { z } from "zod";

/** Everything the province's software is told (api section 8). */
export const EVENT_TYPES = [
  "dossier.received",
  "dossier.amended",
  "tax-notice.received",
  "tax-receipt.received",
  "question.received",
  "payment.settled",
  "receipt.stored",
  "document.received",
  "document.status",
  "exchange.failed",
  "exchange.delivered",
  "lookup.settled",
  "alarm.raised",
  "alarm.cleared",
] as const;

/** One type of event. */
export type EventType = (typeof EVENT_TYPES)[number];

const moment = z.string().meta({ format: "date-time" });

const eventShape = {
  /** `evt_` and 32 hexadecimal digits; the same in the inbox and, as `webhook-id`, in every try at a webhook. */
  id: z.string().meta({ example: "evt_0f8fad5bd9cb469fa16570867728950e" }),
  type: z.enum(EVENT_TYPES),
  occurredAt: moment,
  /** What it is about: a dossier's code, a payment, a platform. Events of one subject are pushed in their order. */
  subject: z.string(),
  /** Canonical code of the agency it belongs to; the province's own for what belongs to none. */
  agency: z.string().meta({ example: "H04.15" }),
};

/** What the type tells, by name. */
const eventData = z.record(z.string(), z.unknown());

/** One event, as it is pushed to webhooks. */
export const eventSchema = z.strictObject({ ...eventShape, data: eventData }).meta({ id: "Event" });

/** One event. */
export type Event = z.infer<typeof eventSchema>;

/** One event in the inbox. */
export const inboxItemSchema = z
  .strictObject({
    ...eventShape,
    /** Null: it was stored under a key that is no longer listed in `LEDGER_KEYS`. */
    data: eventData.nullable(),
    /** Its place, to be given as `after` by who has dealt with it and everything before. */
    position: z.string().meta({ example: "42" }),
    /** When the calling client acknowledged it. */
    acknowledgedAt: moment.optional(),
  })
  .meta({ id: "InboxItem" });

/** One event in the inbox. */
export type InboxItem = z.infer<typeof inboxItemSchema>;

/** The next items in their order. `next` is the position to go on from, also when there is nothing more for now. */
export const inboxPageSchema = z
  .strictObject({ items: z.array(inboxItemSchema), next: z.string().meta({ example: "42" }) })
  .meta({ id: "InboxPage" });

/** The next items. */
export type InboxPage = z.infer<typeof inboxPageSchema>;

/** What `POST /v1/inbox/{id}/ack` answers: when this client acknowledged the event first. */
export const acknowledgementSchema = z
  .strictObject({ id: z.string(), acknowledgedAt: moment })
  .meta({ id: "Acknowledgement" });

/** An acknowledgement. */
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;
