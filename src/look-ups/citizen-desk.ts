import type { Fault, PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { canonicalProcedureCode, procedureCodeCandidates } from "../../contracts/identifiers/procedure-codes.ts";
import type { CitizenField, CitizenQuery, CitizenRegistry, LookupPurpose } from "../../contracts/registries.ts";
import type { CitizenAnswer, CitizenLookup } from "../../contracts/services/citizens.ts";
import type { Caller } from "../caller.ts";
import type { PlatformCalls } from "../resilience/platform-calls.ts";
import type { Officer } from "../security/access-tokens.ts";
import { type AccessLog, type AccessMakerParts, newAccess, withinAccess } from "./access-log.ts";
import type { NewAccess } from "./begin-accesses.ts";
import { errorOfFault } from "./error-of-fault.ts";
import { judgeLookup } from "./judge-lookup.ts";
import { type Release, releaseFields } from "./release-fields.ts";

/** The registry of the population. */
export const POPULATION: PlatformId = "population";

/** Looks citizens up for officers. */
export interface CitizenDesk {
  /**
   * One citizen for one dossier. Nothing is asked before the access is recorded, nothing answered before its end is.
   *
   * @param signal ends the call when whoever waits for it has gone.
   * @throws GatewayError `forbidden` (no officer), `not_configured`, `rate_limited`, `not_found`, `conflict`, `upstream_*`
   */
  lookUp(caller: Caller, asked: CitizenLookup, signal: AbortSignal): Promise<CitizenAnswer>;
}

/** What the desk is made of. */
export interface CitizenDeskParts extends AccessMakerParts {
  readonly accesses: AccessLog;
  readonly callsOf: (platform: PlatformId) => PlatformCalls | undefined;
  /** `LOOKUPS_PER_OFFICER_HOUR`. */
  readonly perOfficerHour: number;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

const NO_OFFICER = {
  vi: "Tra cứu công dân cần mã truy cập của cán bộ.",
  en: "Looking citizens up takes an officer's token.",
};

/** @throws GatewayError `forbidden` */
export const officerOf = ({ officer }: Caller): Officer => {
  if (officer === undefined) throw new GatewayError("forbidden", { detail: NO_OFFICER });
  return officer;
};

/** Whom the registry is asked about. */
export const queryOf = ({ personalId, oldId, fullName, birthDate, birthYear }: CitizenLookup): CitizenQuery => ({
  identity:
    personalId === undefined ? { kind: "old-id", value: oldId ?? "" } : { kind: "personal-id", value: personalId },
  fullName,
  born: birthDate ?? String(birthYear),
});

/** The access that a look-up begins. */
export const accessOf = (
  parts: AccessMakerParts & Pick<CitizenDeskParts, "perOfficerHour">,
  caller: Caller,
  asked: CitizenLookup,
  kind: "citizen.lookup" | "citizen.lookup-deferred",
): NewAccess => {
  const identity = queryOf(asked).identity.value;
  const { dossierCode: code, procedureCode, purpose } = asked;
  const candidates = procedureCodeCandidates(procedureCode);
  return {
    ...newAccess(parts, caller, { platform: POPULATION, kind, identity }),
    dossier: { code, procedureCode, candidates, purpose, boundary: caller.agency },
    perHour: parts.perOfficerHour,
  };
};

/** Population registry: `MaDVC` has at most 20 characters (registries section 2.2); the old form of a provincial code has more. */
const MOST_PROCEDURE_CHARACTERS = 20;

const procedureFor = (code: string): string =>
  code.length <= MOST_PROCEDURE_CHARACTERS ? code : canonicalProcedureCode(code);

/** Who asks and what for: from the token and the stored dossier. */
export const purposeOf = (
  officer: Officer,
  { dossierCode }: Pick<CitizenLookup, "dossierCode">,
  { requestId, procedureCode }: Pick<LookupPurpose, "requestId" | "procedureCode">,
): LookupPurpose => ({
  ...{ requestId, dossierCode },
  procedureCode: procedureFor(procedureCode),
  officerCode: officer.code,
  officerName: officer.name,
  agency: officer.agency,
});

/** How a look-up went, before it is recorded. */
type Looked = { readonly outcome: "matched" | "not-matched"; readonly release: Release } | GatewayError;

type Found = Awaited<ReturnType<CitizenRegistry<never, { readonly ok: false; readonly fault: Fault }>["find"]>>;

const looked = (found: Found, allowed: readonly CitizenField[]): Looked => {
  if (!found.ok) return errorOfFault(found.fault);
  const { value } = found;
  if (value.outcome === "not-matched") return { outcome: value.outcome, release: { fields: [] } };
  return { outcome: value.outcome, release: releaseFields(value.citizen, allowed) };
};

/** A desk over one database. */
export const createCitizenDesk = (parts: CitizenDeskParts): CitizenDesk => {
  const { accesses, callsOf, elapsed } = parts;

  const refuse = async (id: string, error: GatewayError): Promise<never> => {
    const told = { errorCode: error.code, fields: [], latencyMs: 0, upstreamIds: [] };
    await accesses.end({ id, outcome: "refused", ...told });
    throw error;
  };

  return {
    lookUp: async (caller, asked, signal) => {
      const officer = officerOf(caller);
      const calls = callsOf(POPULATION);
      const registry = calls?.adapter.citizens;
      if (calls === undefined || registry === undefined) throw new GatewayError("not_configured");
      const access = accessOf(parts, caller, asked, "citizen.lookup");
      const { id } = access;
      const verdict = judgeLookup(asked, await accesses.begin(access));
      if (!verdict.ok) return refuse(id, verdict.error);
      const purpose = purposeOf(officer, asked, { requestId: id, procedureCode: verdict.procedureCode });
      const begun = elapsed();
      const found = await withinAccess(accesses, id, () =>
        calls.ask({ correlationId: caller.correlationId, signal }, (call) =>
          registry.find(queryOf(asked), purpose, call),
        ),
      );
      const end = { id, latencyMs: elapsed() - begun, upstreamIds: [id] };
      const result = looked(found, verdict.fields);
      if (result instanceof GatewayError) {
        await accesses.end({ ...end, outcome: "failed", errorCode: result.code, fields: [] });
        throw result;
      }
      const { outcome, release } = result;
      await accesses.end({ ...end, outcome, fields: release.fields });
      return { outcome, ...(release.citizen && { citizen: release.citizen }), requestId: id };
    },
  };
};
