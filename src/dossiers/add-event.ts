import { GatewayError } from "../../contracts/errors.ts";
import type { DossierEvent } from "../../contracts/services/dossier.ts";
import type { Caller } from "../caller.ts";
import type { Answer } from "../ledger/answer-once.ts";
import { dossierContext } from "../ledger/open-message.ts";
import { stepMessage } from "./dossier-message.ts";
import { type DossierOffice, portalOf } from "./dossier-office.ts";

/**
 * `POST /v1/dossiers/{code}/events` (api section 3): records one progress step behind everything accepted for the dossier
 * before it. The same `eventId` with the same content answers as the first time; with other content it is refused for ever.
 *
 * @throws GatewayError `invalid_request` (limits of the active profile), `not_found` (unknown dossier or another owner's),
 *   `conflict`, `idempotency_key_reused`, `not_configured`, `overloaded`, `unavailable`.
 */
export const addEvent = async (
  office: DossierOffice,
  caller: Caller,
  code: string,
  event: DossierEvent,
): Promise<Answer> => {
  const errors = portalOf(office).check(stepMessage(code, event));
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
  return office.accept({
    kind: "event",
    code,
    caller,
    event,
    fingerprint: office.fingerprints.of(event),
    content: office.sealer.seal(JSON.stringify(event), dossierContext(office.tenant, code)),
  });
};
