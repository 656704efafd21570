import { canonicalProcedureCode, procedureCodeCandidates } from "../../contracts/identifiers/procedure-codes.ts";
import type { ProcedurePolicy } from "../../contracts/services/procedures.ts";
import type { ProcessingTime } from "../calendar/working-time.ts";

/** How long a procedure may take in one channel: every case of it that is a number of a known unit. */
export interface ChannelTime extends ProcessingTime {
  readonly channel: "counter" | "online" | "post";
}

/** One version of a procedure, as far as dossiers are judged by it. */
export interface BookVersion {
  /** Milliseconds; inclusive. */
  readonly from: number;
  readonly hasNoResult: boolean;
  readonly times: readonly ChannelTime[];
  /** A case of this channel takes a time that no due date can be reckoned from. */
  readonly openChannels: readonly string[];
}

/** What is known of a procedure, as one row. */
export interface BookProcedure {
  /** Canonical. */
  readonly code: string;
  readonly platformCode: string;
  /** Oldest first, at least one. */
  readonly versions: readonly BookVersion[];
}

/** A policy in force, as it was put. */
export interface BookPolicy {
  readonly code: string;
  readonly policy: ProcedurePolicy;
  readonly decision: string;
}

/** A procedure at one moment. */
export interface KnownProcedure {
  /** The code that the platform knows it by; the caller's own where it is not mirrored. */
  readonly platformCode: string;
  /** Null: it is not mirrored. */
  readonly version: BookVersion | null;
  readonly policy: ProcedurePolicy;
  /** Null: nobody ordered the policy. */
  readonly decision: string | null;
}

/** Everything dossiers are judged by of procedures. Data alone: it lives as long as its version of the rules. */
export interface ProcedureBook {
  /** @param at milliseconds: the version valid then; before the first one there was none other that we know of. */
  find(code: string, at: number): KnownProcedure;
}

/** Pure: the version valid at a moment. */
const versionAt = ({ versions }: BookProcedure, at: number): BookVersion | null =>
  versions.findLast(({ from }) => from <= at) ?? versions[0] ?? null;

/** The policy of a procedure that none was put for (domain section 2.6). */
export const defaultPolicy = (hasNoResult: boolean): ProcedurePolicy => (hasNoResult ? "exclude-by-metadata" : "none");

/** A book over rows as they are stored. Codes may come with any suffix: what is nearest in the catalogue counts. */
export const createProcedureBook = (
  procedures: readonly BookProcedure[],
  policies: readonly BookPolicy[],
): ProcedureBook => {
  const byCode = new Map(procedures.map((procedure) => [procedure.code, procedure]));
  const put = new Map(policies.map((policy) => [canonicalProcedureCode(policy.code), policy]));
  return {
    find: (code, at) => {
      const codes = procedureCodeCandidates(code);
      const procedure = codes.flatMap((candidate) => byCode.get(candidate) ?? [])[0];
      const ordered = codes.flatMap((candidate) => put.get(candidate) ?? [])[0];
      const version = procedure === undefined ? null : versionAt(procedure, at);
      return {
        platformCode: procedure?.platformCode ?? code,
        version,
        policy: ordered?.policy ?? defaultPolicy(version?.hasNoResult ?? false),
        decision: ordered?.decision ?? null,
      };
    },
  };
};
