import { type FieldError, GatewayError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { Caller } from "../caller.ts";
import type { Answer } from "../ledger/answer-once.ts";
import { dossierContext } from "../ledger/open-message.ts";
import type { PutAcceptance } from "./acceptance/acceptance.ts";
import { putMessage } from "./dossier-message.ts";
import { type DossierOffice, portalOf } from "./dossier-office.ts";

/** One put as it was asked for. */
export interface Put {
  readonly code: string;
  readonly dossier: Dossier;
  /** The platform holds it already: record, send nothing. */
  readonly known: boolean;
  /** How urgent it is: one of PRIORITIES. */
  readonly priority: number;
}

/** What a put breaks of the limits of the active profile. @throws GatewayError `not_configured` */
export const checkPut = (
  office: DossierOffice,
  { code, dossier, known }: Omit<Put, "priority">,
): readonly FieldError[] => {
  const portal = portalOf(office);
  return known ? [] : portal.check(putMessage(code, dossier));
};

/** A put with everything that can be computed before its dossier is locked. */
export const preparePut = (office: DossierOffice, caller: Caller, put: Put): PutAcceptance => {
  const { applicant, submitter, receiptNumber } = put.dossier;
  const identities = [...applicant.identities, ...(submitter?.identities ?? [])];
  return {
    kind: "put",
    caller,
    ...put,
    fingerprint: office.fingerprints.of(put.dossier),
    search: office.hashes.tokensOf({
      applicantName: applicant.name,
      identityValues: identities.map(({ value }) => value),
      receiptNumber,
    }),
    content: office.sealer.seal(JSON.stringify(put.dossier), dossierContext(office.tenant, put.code)),
  };
};

/**
 * `PUT /v1/dossiers/{code}` (api section 3): records the whole dossier and the exchange that carries it, in one
 * transaction, and answers only when it is committed.
 *
 * @throws GatewayError `invalid_request` (limits of the active profile), `forbidden` (another owner), `conflict`
 *   (older revision, other portal code), `idempotency_key_reused`, `not_configured`, `overloaded`, `unavailable`.
 */
export const putDossier = async (office: DossierOffice, caller: Caller, put: Put): Promise<Answer> => {
  const errors = checkPut(office, put);
  if (errors.length > 0) throw new GatewayError("invalid_request", { errors });
  return office.accept(preparePut(office, caller, put));
};
