import { type FieldError, GatewayError } from "../../contracts/errors.ts";
import type { DossierEvent } from "../../contracts/services/dossier.ts";
import type { Caller } from "../caller.ts";
import type { Answer } from "../ledger/answer-once.ts";
import { dossierContext } from "../ledger/open-message.ts";
import type { EventAcceptance } from "./acceptance/acceptance.ts";
import { stepMessage } from "./dossier-message.ts";
import { type DossierOffice, portalOf } from "./dossier-office.ts";

/** One progress step as it was asked for. */
export interface Step {
  readonly code: string;
  readonly event: DossierEvent;
  /** How urgent it is: one of PRIORITIES. */
  readonly priority: number;
}

/** What a step breaks of the limits of the active profile. @throws GatewayError `not_configured` */
export const checkEvent = (office: DossierOffice, code: string, event: DossierEvent): readonly FieldError[] =>
  portalOf(office).check(stepMessage(code, event));

/** A step with everything that can be computed before its dossier is locked. */
export const prepareEvent = (office: DossierOffice, caller: Caller, step: Step): EventAcceptance => ({
  kind: "event",
  caller,
  ...step,
  fingerprint: office.fingerprints.of(step.event),
  content: office.sealer.seal(JSON.stringify(step.event), dossierContext(office.tenant, step.code)),
});

/**
 * `POST /v1/dossiers/{code}/events` (api section 3): records one progress step behind everything accepted for the dossier
 * before it. The same `eventId` with the same content answers as the first time; with other content it is refused for ever.
 *
 * @throws GatewayError `invalid_request` (limits of the active profile), `not_found` (unknown dossier or another owner's),
 *   `conflict`, `idempotency_key_reused`, `not_configured`, `overloaded`, `unavailable`.
 */
export const addEvent = async (office: DossierOffice, caller: Caller, step: Step): Promise<Answer> => {
  const errors = checkEvent(office, step.code, step.event);
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
  return office.accept(prepareEvent(office, caller, step));
};
