import type { CitizenQuery, LookupPurpose } from "./registries.ts";
import type { Dossier, DossierEvent } from "./services/dossier.ts";
import type { Event } from "./services/inbox.ts";
import type { Question, QuestionAnswer, Satisfaction } from "./services/submissions.ts";

/** A citizen to be looked up for an officer who fetches the answer later (api section 5). */
export interface DeferredLookup {
  readonly operation: "citizen.lookup-deferred";
  readonly dossierCode: string;
  readonly lookupId: string;
  readonly query: CitizenQuery;
  readonly purpose: LookupPurpose;
}

/** One exchange, in our words, as the ledger hands it to an adapter. */
export type Message =
  | {
      readonly operation: "dossier.put";
      readonly dossierCode: string;
      readonly dossier: Dossier;
      /** The platform is known to hold the dossier already (an earlier put was delivered, or `?known=true`). */
      readonly known: boolean;
      /** The last attempt may have taken effect: probe before sending again. */
      readonly unknownOutcome: boolean;
    }
  | { readonly operation: "dossier.step"; readonly dossierCode: string; readonly event: DossierEvent }
  | {
      /** A change of a portal-born dossier: only these carry a `portalCode` (api.md section 3). */
      readonly operation: "dossier.status";
      readonly dossierCode: string;
      readonly portalCode: string;
      readonly change: { readonly status: Dossier["status"]; readonly content: string; readonly occurredAt: string };
      readonly applicantAccountId?: string;
      /** The dossier's results as put; absent where a progress step is told, which says nothing of them. */
      readonly results?: NonNullable<Dossier["results"]>;
    }
  | {
      /** A question of the agency's own bank. */
      readonly operation: "question.put";
      readonly questionId: string;
      readonly question: Question;
    }
  | {
      /** An answer to a question that a citizen sent through the portal. */
      readonly operation: "question.answer";
      readonly questionId: string;
      readonly answer: QuestionAnswer;
    }
  | {
      /** How satisfied people were with one procedure in one month. */
      readonly operation: "satisfaction.put";
      readonly satisfaction: Satisfaction;
    }
  | DeferredLookup
  | {
      /** One event for one webhook of the software we serve (api.md section 8). Where to and which secrets: `CallContext.endpoint`. */
      readonly operation: "webhook.deliver";
      readonly webhookId: string;
      readonly event: Event;
    };
