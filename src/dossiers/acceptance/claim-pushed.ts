import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { lockSubjects } from "../../portal-inbound/subjects.ts";
import type { Acceptance, Decision } from "./acceptance.ts";
import { LOCKED_COLUMNS, type LockedDossier } from "./lock-dossiers.ts";

type Locked = ReadonlyMap<string, LockedDossier>;

/** Who puts first what the portal pushed owns it; steps of it come from its owner alone. */
const ownedBy = (acceptance: Acceptance, stored: LockedDossier): LockedDossier =>
  stored.unclaimed && acceptance.kind === "put" ? { ...stored, agency: acceptance.caller.agency } : stored;

const lockNamed = async (executor: Executor, tenant: string, portalCodes: readonly string[]) => {
  // A push about one of these codes that runs now is waited for, and the next one waits for us.
  await lockSubjects(executor, tenant, portalCodes);
  return rows<LockedDossier>(
    executor,
    sql`select ${LOCKED_COLUMNS} from dossiers
        where tenant = ${tenant} and portal_code = any(${textArray(portalCodes)}::text[]) and unclaimed order by code for update`,
  );
};

/**
 * Adds what the portal pushed and nobody has taken on (api section 3): a put that names it by `portalCode` finds it under the
 * code that it gives it. The first of a group that names one gets it.
 */
export const withPushed = async (
  executor: Executor,
  tenant: string,
  group: readonly Acceptance[],
  locked: Locked,
): Promise<Locked> => {
  const found = new Map(locked);
  const named = new Map<string, Acceptance>();
  for (const one of group) {
    const stored = locked.get(one.code);
    if (stored !== undefined) found.set(one.code, ownedBy(one, stored));
    const portalCode = one.kind === "put" ? one.dossier.portalCode : undefined;
    if (stored === undefined && portalCode !== undefined && !named.has(portalCode)) named.set(portalCode, one);
  }
  if (named.size === 0) return found;
  for (const stored of await lockNamed(executor, tenant, [...named.keys()])) {
    const taker = named.get(stored.portal_code ?? "");
    if (taker !== undefined) found.set(taker.code, ownedBy(taker, stored));
  }
  return found;
};

/** What was decided about a call. */
interface Decided {
  readonly acceptance: Acceptance;
  readonly decision: Decision;
}

/** Gives the dossiers that these calls took on their code and their owner, before anything else is written of them. */
export const claimPushed = async (
  executor: Executor,
  tenant: string,
  decided: readonly Decided[],
  locked: Locked,
): Promise<void> => {
  const claims = decided.flatMap(({ acceptance: { code }, decision }) => {
    const stored = locked.get(code);
    const wrote = !("refused" in decision) && (decision.dossier !== undefined || decision.event !== undefined);
    return wrote && stored?.unclaimed ? [{ from: stored.code, to: code, agency: stored.agency }] : [];
  });
  if (claims.length === 0) return;
  await executor.execute(
    sql`update dossiers d set code = c."to", agency = c.agency, unclaimed = false
        from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as c("from" text, "to" text, agency text)
        where d.tenant = ${tenant} and d.code = c."from" and d.unclaimed`,
  );
};
