import { GatewayError } from "../../contracts/errors.ts";
import type { Caller } from "../caller.ts";
import type { Database } from "../database/database.ts";
import { isDatabaseAway } from "../database/database-away.ts";
import { createAcceptLane, LANE_DEFAULTS } from "../dossiers/acceptance/accept-lane.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";
import { type AccessFacts, beginAccesses, type NewAccess } from "./begin-accesses.ts";
import { type AccessEnd, endAccesses } from "./end-accesses.ts";

/**
 * Records accesses to registers, of whatever platform and kind: begun before the registry is asked, ended before anything is
 * answered, and both on the disk by then. Whoever cannot record must not ask, and must not answer (design section 6).
 */
export interface AccessLog {
  /** Answers when the access is committed and on the disk: only then may the registry be asked. @throws GatewayError `overloaded`, or the database's own failure */
  begin(access: NewAccess): Promise<AccessFacts>;
  /** Answers when its end is committed and on the disk: only then may anything be answered. @throws the same */
  end(end: AccessEnd): Promise<void>;
}

/** What an access log is made of. */
export interface AccessLogParts {
  readonly database: Database;
  readonly tenant: string;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

const NOTHING_SHARED: readonly string[] = [];

/** An access log over one database: calls that come together share their commits, and a lone one waits for nobody. */
export const createAccessLog = ({ database, tenant, elapsed }: AccessLogParts): AccessLog => {
  const settings = { ...LANE_DEFAULTS, elapsed };
  const shareNothing = () => NOTHING_SHARED;
  const begins = createAcceptLane<NewAccess, AccessFacts>(
    shareNothing,
    (accesses) => beginAccesses(database, tenant, accesses),
    isDatabaseAway,
    settings,
  );
  const ends = createAcceptLane<AccessEnd, undefined>(
    shareNothing,
    async (all) => {
      await endAccesses(database, tenant, all);
      return [];
    },
    isDatabaseAway,
    settings,
  );
  return { begin: begins.accept, end: ends.accept };
};

/** Does what an access was begun for. What goes wrong unforeseen, such as a database that is away, ends it as failed. */
export const withinAccess = async <T>({ end }: AccessLog, id: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const errorCode = error instanceof GatewayError ? error.code : "internal";
    await end({ id, outcome: "failed", errorCode, fields: [], latencyMs: 0, upstreamIds: [] });
    throw error;
  }
};

/** A new id of an access: what the registry knows the question by. */
export const newAccessId = (): string => crypto.randomUUID().replaceAll("-", "");

/** Binds an officer's sealed name to the access it belongs to. */
export const officerContext = (tenant: string, id: string): string => `access-officer:${tenant}:${id}`;

const SHOWN_DIGITS = 3;

/** All but the last digits hidden. */
export const maskSubject = (value: string): string =>
  "•".repeat(Math.max(0, value.length - SHOWN_DIGITS)) + value.slice(-SHOWN_DIGITS);

/** What turns a caller and a subject into an access. */
export interface AccessMakerParts {
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly hashes: SearchHashes;
}

/** An access of this caller to this subject, without its dossier. */
export const newAccess = (
  { tenant, sealer, hashes }: AccessMakerParts,
  { client, agency, officer, correlationId }: Caller,
  about: Pick<NewAccess, "platform" | "kind"> & { readonly identity: string },
): NewAccess => {
  const { platform, kind, identity } = about;
  const id = newAccessId();
  const [subject] = hashes.tokensOf({ applicantName: "", identityValues: [identity] });
  if (subject === undefined) throw new Error("an access is about nobody");
  return {
    ...{ id, platform, kind, client, correlationId, subject },
    agency: officer?.agency ?? agency,
    subjectMasked: maskSubject(identity),
    ...(officer && { officer: { code: officer.code, name: sealer.seal(officer.name, officerContext(tenant, id)) } }),
  };
};
