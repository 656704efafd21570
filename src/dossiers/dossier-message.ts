import type { Message } from "../../contracts/adapter.ts";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";
import type { StatusChange } from "../ledger/open-message.ts";

type Of<O extends Message["operation"]> = Extract<Message, { operation: O }>;

/** The whole dossier as a message; whether the platform holds it is known only when it is sent. */
export const putMessage = (dossierCode: string, dossier: Dossier): Of<"dossier.put"> => ({
  operation: "dossier.put",
  dossierCode,
  dossier,
  known: false,
  unknownOutcome: false,
});

/** A progress step as a message. */
export const stepMessage = (dossierCode: string, event: DossierEvent): Of<"dossier.step"> => ({
  operation: "dossier.step",
  dossierCode,
  event,
});

/** A change of a portal-born dossier by a put: its newest moment, its note, or else its summary, as the words, and its results. */
export const putAsStatus = (portalCode: string, dossier: Dossier): StatusChange => ({
  portalCode,
  change: {
    status: dossier.status,
    content: dossier.returnNote ?? dossier.note ?? dossier.summary,
    occurredAt: dossier.returnedAt ?? dossier.finishedAt ?? dossier.refusedAt ?? dossier.receivedAt,
  },
  ...(dossier.applicant.portalAccountId !== undefined && { applicantAccountId: dossier.applicant.portalAccountId }),
  results: dossier.results ?? [],
});

/** A change of a portal-born dossier by a progress step. */
export const stepAsStatus = (portalCode: string, event: DossierEvent): StatusChange => ({
  portalCode,
  change: { status: event.status, content: event.content, occurredAt: event.occurredAt },
});
