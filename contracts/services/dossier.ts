import { z } from "zod";
import { agencyCode, identityValue, procedureCode } from "../identifiers.ts";
import { dong, fieldError, httpUrl, instant, text } from "./fields.ts";

/** Status words of a dossier, in the order of the national codes 1 to 10 (national-portal.md section 3.1). */
export const DOSSIER_STATUSES = [
  "submitted",
  "accepted",
  "not-accepted",
  "processing",
  "supplement-required",
  "payment-required",
  "withdrawn",
  "stopped",
  "finished",
  "returned",
] as const;

/** One status word of a dossier. */
export type DossierStatus = (typeof DOSSIER_STATUSES)[number];

/** How a dossier was filed: at the counter, online, by post. */
export const CHANNELS = ["counter", "online", "post"] as const;

/** Where a dossier came from: a tag for search and statistics (api.md section 3). */
export const ORIGINS = ["province", "national-portal", "kiosk", "post"] as const;

/** Identity papers of a person or an organisation. */
export const IDENTITY_KINDS = ["personal-id", "old-id", "enterprise-code", "passport"] as const;

const identity = z.strictObject({ kind: z.enum(IDENTITY_KINDS), value: text(50) }).superRefine(identityValue);
const phone = text(50);
const email = text(200);

const applicant = z.strictObject({
  type: z.enum(["citizen", "enterprise", "agency", "organisation"]),
  name: text(500),
  portalAccountId: text(200).optional(),
  identities: z.array(identity).max(20),
  email: email.optional(),
  phone: phone.optional(),
  fax: phone.optional(),
});

const submitter = z.strictObject({
  name: text(500),
  identities: z.array(identity).max(20),
  phone: phone.optional(),
  relation: z.enum(["self", "authorised", "officer-assisted"]),
});

const unit = z.strictObject({ code: agencyCode.optional(), name: text(500) });

const submittedFile = z.strictObject({
  id: text(100),
  name: text(10_000),
  componentCode: text(100).optional(),
  url: httpUrl,
  digitised: z.boolean().optional(),
  reuse: z.enum(["none", "reused", "replaced"]).optional(),
  fromNationalStore: z.boolean().optional(),
  replacedByResultCode: text(100).optional(),
  deleted: z.boolean().optional(),
});

const fee = z.strictObject({
  code: text(100),
  name: text(1000),
  kind: z.enum(["fee", "charge"]),
  amount: dong,
  collectedAt: z.enum(["intake", "supplement", "result"]),
});

const otherPaper = z.strictObject({ name: text(10_000), quantity: z.int().min(0).max(100_000), kind: text(100) });

const supplement = z.strictObject({
  id: text(100),
  requestedBy: text(500),
  content: text(10_000),
  requestedAt: instant,
  receivedBy: text(500).optional(),
  receivedAt: instant.optional(),
  status: text(100),
  oldDueAt: instant.optional(),
  newDueAt: instant.optional(),
  /** What was said when it was received. */
  receivedNote: text(10_000).optional(),
  papers: z.array(submittedFile).max(1000).optional(),
  fees: z.array(fee).max(200).optional(),
});

const result = z.strictObject({
  id: text(100),
  name: text(10_000),
  code: text(100).optional(),
  url: httpUrl,
  componentCode: text(100).optional(),
});

/** The whole dossier as `PUT /v1/dossiers/{code}` takes it (api.md section 3). Absent flags mean false or none. */
export const dossierSchema = z
  .strictObject({
    procedureCode,
    procedureName: text(2000).optional(),
    channel: z.enum(CHANNELS),
    receiptNumber: text(100).optional(),
    applicant,
    submitter: submitter.optional(),
    summary: text(10_000),
    submittedAt: instant.optional(),
    receivedAt: instant,
    dueAt: instant.optional(),
    finishedAt: instant.optional(),
    returnedAt: instant.optional(),
    refusedAt: instant.optional(),
    status: z.enum(DOSSIER_STATUSES),
    delivery: z.enum(["counter", "post"]),
    processingUnit: unit,
    note: text(10_000).optional(),
    returnNote: text(10_000).optional(),
    otherInfo: text(10_000).optional(),
    origin: z.enum(ORIGINS).optional(),
    portalCode: text(100).optional(),
    serviceLevel: z.enum(["full", "partial", "none"]).optional(),
    linked: z
      .strictObject({ kind: z.enum(["same-level", "cross-level"]), parentCode: text(100).optional() })
      .optional(),
    hasDigitisedComponents: z.boolean().optional(),
    vneidVerified: z.boolean().optional(),
    onlinePayment: z.enum(["none", "national-portal", "other"]).optional(),
    databasesUsed: z.array(text(100)).max(100).optional(),
    submittedFiles: z.array(submittedFile).max(1000).optional(),
    fees: z.array(fee).max(200).optional(),
    otherPapers: z.array(otherPaper).max(1000).optional(),
    supplements: z.array(supplement).max(200).optional(),
    results: z.array(result).max(200).optional(),
    revision: z.int().min(0).max(2_147_483_647).optional(),
  })
  .meta({ id: "Dossier" });

/** A dossier as put. */
export type Dossier = z.infer<typeof dossierSchema>;

/** The kinds of progress step (api.md section 3). */
export const EVENT_KINDS = [
  "step",
  "transfer",
  "extension",
  "supplement-request",
  "supplement-received",
  "fee-request",
  "refusal",
  "stop",
  "withdrawal",
  "correction",
] as const;

const REASON_REQUIRED: readonly string[] = ["extension", "refusal", "stop", "correction"];

/** One progress step as `POST /v1/dossiers/{code}/events` takes it (api.md section 3). */
export const dossierEventSchema = z
  .strictObject({
    eventId: text(200),
    status: z.enum(DOSSIER_STATUSES),
    occurredAt: instant,
    officer: z.strictObject({ name: text(500), title: text(500).optional() }),
    unit: text(500).optional(),
    content: text(10_000),
    startedAt: instant.optional(),
    dueAt: instant.optional(),
    kind: z.enum(EVENT_KINDS).optional(),
    reason: text(10_000).optional(),
    overrideReason: text(10_000).optional().meta({ description: "Why an extension comes later than it may." }),
    newDueAt: instant.optional(),
    slip: z.strictObject({ form: text(100), number: text(100), issuedAt: instant, url: httpUrl.optional() }).optional(),
    toUnit: unit.optional(),
  })
  .superRefine((event, context) => {
    const missing = (field: string) =>
      context.addIssue({ code: "custom", path: [field], message: "required", params: { code: "required" } });
    if (REASON_REQUIRED.includes(event.kind ?? "step") && event.reason === undefined) missing("reason");
    if (event.kind === "extension" && event.newDueAt === undefined) missing("newDueAt");
    if (event.kind !== "extension" && event.overrideReason !== undefined) {
      context.addIssue({ code: "custom", path: ["overrideReason"], ...fieldError("not_allowed") });
    }
  })
  .meta({ id: "DossierEvent" });

/** A progress step as sent by the province. */
export type DossierEvent = z.infer<typeof dossierEventSchema>;
