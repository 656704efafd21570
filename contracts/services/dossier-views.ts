import { z } from "zod";
import { PLATFORMS } from "../adapter.ts";
import { CHANNELS, DOSSIER_STATUSES, dossierEventSchema, dossierSchema, ORIGINS } from "./dossier.ts";
import { warningSchema } from "./fields.ts";
import { exchangeSchema } from "./ledger.ts";

const moment = z.string().meta({ format: "date-time" });

/** 202 of `PUT /v1/dossiers/{code}`. */
export const dossierAcceptedSchema = z
  .strictObject({ dossierCode: z.string(), exchanges: z.array(exchangeSchema), warnings: z.array(warningSchema) })
  .meta({ id: "DossierAccepted" });

/** 202 of `PUT /v1/dossiers/{code}`. */
export type DossierAccepted = z.infer<typeof dossierAcceptedSchema>;

/** 202 of `POST /v1/dossiers/{code}/events`. */
export const eventAcceptedSchema = z
  .strictObject({
    dossierCode: z.string(),
    eventId: z.string(),
    exchanges: z.array(exchangeSchema),
    warnings: z.array(warningSchema),
  })
  .meta({ id: "DossierEventAccepted" });

/** 202 of `POST /v1/dossiers/{code}/events`. */
export type EventAccepted = z.infer<typeof eventAcceptedSchema>;

/**
 * How a dossier stands towards one platform. `failed`: its last exchange is at rest with a cause; `blocked`: exchanges
 * wait behind a failed one; `pending`: on its way; `synced`: all delivered; `none`: nothing was ever sent.
 */
export const SYNC_STATES = ["synced", "pending", "blocked", "failed", "none"] as const;

/** `GET /v1/dossiers/{code}`. */
export const dossierDetailSchema = z
  .strictObject({
    code: z.string(),
    status: z.enum(DOSSIER_STATUSES),
    owner: z.string(),
    dossier: dossierSchema,
    timeline: z.array(
      // Without `exchangeId`: the policy of its procedure kept the step here.
      z.strictObject({ ...dossierEventSchema.shape, acceptedAt: moment, exchangeId: z.string().optional() }),
    ),
    sync: z.array(
      z.strictObject({
        platform: z.enum(PLATFORMS),
        state: z.enum(SYNC_STATES),
        lastDeliveredAt: moment.optional(),
        failedExchange: z.string().optional(),
      }),
    ),
    /** Links under which the portal opens its files, and how many of them could not be read when last looked at. */
    files: z.strictObject({ links: z.int().min(0), unreachable: z.int().min(0) }).optional(),
  })
  .meta({ id: "DossierDetail" });

/** `GET /v1/dossiers/{code}`. */
export type DossierDetail = z.infer<typeof dossierDetailSchema>;

/** One line of `GET /v1/dossiers`. */
export const dossierLineSchema = z
  .strictObject({
    code: z.string(),
    procedureCode: z.string(),
    procedureName: z.string().optional(),
    applicantName: z.string(),
    status: z.enum(DOSSIER_STATUSES),
    origin: z.enum(ORIGINS),
    channel: z.enum(CHANNELS),
    processingUnit: z.strictObject({ code: z.string().optional(), name: z.string() }),
    receivedAt: moment,
    dueAt: moment.optional(),
    sync: z.enum(SYNC_STATES),
  })
  .meta({ id: "DossierLine" });

/** One line of `GET /v1/dossiers`. */
export type DossierLine = z.infer<typeof dossierLineSchema>;

/** A page of dossiers, newest first. */
export const dossierPageSchema = z
  .strictObject({ items: z.array(dossierLineSchema), next: z.string().nullable() })
  .meta({ id: "DossierPage" });

/** What dossiers can be counted by. `period` is the calendar month of `receivedAt` in Vietnam, as `2025-04`. */
export const COUNT_KEYS = ["procedure", "unit", "status", "origin", "period"] as const;

/** One thing dossiers can be counted by. */
export type CountKey = (typeof COUNT_KEYS)[number];

/** `GET /v1/dossiers/counts`: one row per combination of the keys asked for. */
export const dossierCountsSchema = z
  .strictObject({
    total: z.int().min(0),
    items: z.array(
      z.strictObject({
        procedure: z.string().optional(),
        unit: z.string().optional(),
        status: z.enum(DOSSIER_STATUSES).optional(),
        origin: z.enum(ORIGINS).optional(),
        period: z.string().optional(),
        count: z.int().min(0),
      }),
    ),
  })
  .meta({ id: "DossierCounts" });

/** `GET /v1/dossiers/counts`. */
export type DossierCounts = z.infer<typeof dossierCountsSchema>;
