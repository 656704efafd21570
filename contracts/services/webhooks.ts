import { z } from "zod";
import { httpUrl } from "./fields.ts";
import { EVENT_TYPES } from "./inbox.ts";

const types = z.array(z.enum(EVENT_TYPES)).min(1).max(EVENT_TYPES.length);

/** `POST /v1/webhooks` (api section 8). Without `types` every type is pushed. */
export const webhookRequestSchema = z
  .strictObject({
    url: httpUrl.meta({
      description: "An https address that every machine can reach; others only where `WEBHOOK_ALLOW_PRIVATE` says so.",
      example: "https://mot-cua.example.vn/lien-thong",
    }),
    types: types.optional(),
  })
  .meta({ id: "WebhookRequest" });

/** What is asked for. */
export type WebhookRequest = z.infer<typeof webhookRequestSchema>;

/**
 * How an endpoint fares. `failing`: its last answer was none of success, it is tried again with growing pauses. `disabled`:
 * nothing is sent until somebody enables it; what was queued for it stays queued.
 */
export const WEBHOOK_STATES = ["active", "failing", "disabled"] as const;

/** Why nothing is sent any more: it answered 410, or nothing but failures for five days. */
export const DISABLED_REASONS = ["gone", "dead"] as const;

const moment = z.string().meta({ format: "date-time" });

const webhookShape = {
  id: z.string().meta({ example: "wh_0f8fad5bd9cb469fa16570867728950e" }),
  url: z.string(),
  /** Absent: every type. */
  types: types.optional(),
  client: z.string(),
  agency: z.string(),
  state: z.enum(WEBHOOK_STATES),
  createdAt: moment,
  lastDeliveredAt: moment.optional(),
  failingSince: moment.optional(),
  disabledAt: moment.optional(),
  disabledBecause: z.enum(DISABLED_REASONS).optional(),
  /** Until when the secret before the last rotation signs as well. */
  previousSecretUntil: moment.optional(),
};

/** A webhook as its owners see it: never with its secret. */
export const webhookSchema = z.strictObject(webhookShape).meta({ id: "Webhook" });

/** A webhook. */
export type WebhookView = z.infer<typeof webhookSchema>;

/** A webhook with its secret: answered once, when the secret is made. */
export const webhookWithSecretSchema = z
  .strictObject({
    ...webhookShape,
    secret: z.string().meta({ description: "`whsec_` and base64, as the Standard Webhooks specification writes it." }),
  })
  .meta({ id: "WebhookWithSecret" });

/** A webhook with its secret. */
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;

/** All webhooks within the caller's boundary, oldest first. A client has at most `MOST_WEBHOOKS`. */
export const webhookListSchema = z.strictObject({ items: z.array(webhookSchema) }).meta({ id: "WebhookList" });

/** Webhooks that one client may have at a time. */
export const MOST_WEBHOOKS = 20;
