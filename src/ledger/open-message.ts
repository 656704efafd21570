import type { Message, Operation } from "../../contracts/adapter.ts";
import type { OpenMessage } from "../../contracts/ledger.ts";
import type { DeferredLookup } from "../../contracts/message.ts";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";

/** Opens sealed text; `context` binds it to what it belongs to. */
export type OpenText = (sealed: Uint8Array, context: string) => string;

/** What a `dossier.status` entry carries. */
export type StatusChange = Omit<Extract<Message, { operation: "dossier.status" }>, "operation" | "dossierCode">;

/**
 * Binds a dossier's sealed content to its dossier: the same bytes serve the dossier's row and its put's entry,
 * and no row can be passed off as another dossier's.
 */
export const dossierContext = (tenant: string, dossierCode: string): string => `dossier:${tenant}:${dossierCode}`;

/** A message to the portal that is about no dossier. */
export type SubmissionMessage = Extract<Message, { operation: `question.${string}` | "satisfaction.put" }>;

/** Binds what is about no dossier to its deployment. */
export const submissionContext = (tenant: string): string => `submission:${tenant}`;

/** True for what is about no dossier and goes to the portal. */
export const isSubmission = (operation: Operation): operation is SubmissionMessage["operation"] =>
  operation === "question.put" || operation === "question.answer" || operation === "satisfaction.put";

/** What a `citizen.lookup-deferred` entry carries. */
export type DeferredQuestion = Omit<DeferredLookup, "operation" | "dossierCode">;

/** What a `webhook.deliver` entry carries. */
export type WebhookDelivery = Omit<Extract<Message, { operation: "webhook.deliver" }>, "operation">;

/** Binds an entry's payload to what it is about: to its dossier, or to the deployment. */
export const payloadContext = (
  tenant: string,
  { operation, dossierCode }: { readonly operation: Operation; readonly dossierCode: string },
): string => {
  if (isSubmission(operation)) return submissionContext(tenant);
  return operation === "webhook.deliver" ? `webhook:${tenant}` : dossierContext(tenant, dossierCode);
};

/** Opens payloads into messages. What was sealed was validated at accept, so its shape is trusted here. */
export const createOpenMessage =
  (tenant: string, open: OpenText): OpenMessage =>
  (entry): Message => {
    const { operation, dossierCode } = entry;
    // Retention erases payloads of settled entries alone; should one without come here all the same, nothing is made of it.
    if (entry.payload.length === 0) throw new Error("the entry carries nothing");
    const payload: unknown = JSON.parse(open(entry.payload, payloadContext(tenant, entry)));
    switch (operation) {
      case "dossier.put":
        return {
          operation,
          dossierCode,
          dossier: payload as Dossier,
          known: entry.known,
          unknownOutcome: entry.unknownOutcome,
        };
      case "dossier.step":
        return { operation, dossierCode, event: payload as DossierEvent };
      case "dossier.status":
        return { operation, dossierCode, ...(payload as StatusChange) };
      case "citizen.lookup-deferred":
        return { operation, dossierCode, ...(payload as DeferredQuestion) };
      case "webhook.deliver":
        return { operation, ...(payload as WebhookDelivery) };
      case "question.put":
      case "question.answer":
      case "satisfaction.put":
        // Kept whole: the operation is part of what was sealed.
        return payload as SubmissionMessage;
    }
  };
