import type { ComparedKind } from "../../../contracts/comparer.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { closeDiscrepancies } from "./close-discrepancies.ts";
import { endedBy, type Judgement } from "./judge.ts";
import { noteDiscrepancies } from "./note-discrepancies.ts";
import { isInFlight, type LocalDossier, lastExchange } from "./read-dossiers.ts";
import type { RunRow } from "./run-row.ts";
import { stillOurs } from "./take-run.ts";

/** One dossier with what became of it in a batch. */
export interface Finding {
  readonly dossier: LocalDossier;
  /** `in-flight`: not judged. */
  readonly judgement: Judgement | { readonly verdict: "in-flight" };
  readonly ours: string | null;
  readonly theirs: string | null;
}

type Differing = Finding & { readonly judgement: { readonly verdict: "missing-at-portal" | "status-differs" } };

const differs = (finding: Finding): finding is Differing =>
  finding.judgement.verdict === "missing-at-portal" || finding.judgement.verdict === "status-differs";

/**
 * The codes of those that nothing was accepted, sent or settled of since they were read. Their rows are locked, without waiting:
 * whoever has one is changing it.
 */
const stillAtRest = async (
  executor: Executor,
  tenant: string,
  platform: string,
  differing: readonly Differing[],
): Promise<ReadonlySet<string>> => {
  if (differing.length === 0) return new Set();
  const locked = await rows<{ code: string }>(
    executor,
    sql`select code from dossiers
        where tenant = ${tenant} and code = any(${textArray(differing.map(({ dossier }) => dossier.code))}::text[])
        order by code for update skip locked`,
  );
  const asRead = JSON.stringify(
    differing.map(({ dossier: { code, status, last_exchange } }) => ({ code, status, last_exchange })),
  );
  // A statement of its own: it sees what was committed before the rows were locked.
  const found = await rows<{ code: string }>(
    executor,
    sql`select d.code from dossiers d
        join jsonb_to_recordset(${asRead}::jsonb) as was(code text, status text, last_exchange bigint) on was.code = d.code
        where d.tenant = ${tenant} and d.code = any(${textArray(locked.map(({ code }) => code))}::text[])
          and d.status = was.status and not ${isInFlight(tenant, platform)}
          and ${lastExchange(tenant, platform)} is not distinct from was.last_exchange`,
  );
  return new Set(found.map(({ code }) => code));
};

/** The platform was believed to hold these: their next full update creates them. */
const forgetHoldings = async (executor: Executor, tenant: string, platform: string, codes: readonly string[]) => {
  if (codes.length === 0) return;
  await executor.execute(
    sql`delete from holdings
        where tenant = ${tenant} and platform = ${platform} and dossier_code = any(${textArray(codes)}::text[])`,
  );
};

const endsOf = (judged: readonly Finding[]): { code: string; kind: ComparedKind }[] =>
  judged.flatMap(({ dossier: { code, portal_code }, judgement }) => {
    if (judgement.verdict === "in-flight") return [];
    const codes = portal_code === null ? [code] : [code, portal_code];
    return endedBy(judgement).flatMap((kind) =>
      (kind === "missing-here" ? codes : [code]).map((of) => ({ code: of, kind })),
    );
  });

const count = (findings: readonly Finding[], verdict: Finding["judgement"]["verdict"]): number =>
  findings.filter(({ judgement }) => judgement.verdict === verdict).length;

/**
 * Writes what a batch found, and how far the run is, in the caller's transaction. A difference is looked at once more here: a
 * dossier whose exchanges moved meanwhile is in flight and not reported.
 *
 * @returns false when the run was taken by another or stopped: nothing is written then.
 */
export const recordFindings = async (
  executor: Executor,
  tenant: string,
  run: RunRow,
  findings: readonly Finding[],
): Promise<boolean> => {
  if (!(await stillOurs(executor, tenant, run))) return false;
  const { platform } = run;
  const atRest = await stillAtRest(executor, tenant, platform, findings.filter(differs));
  const judged = findings.map((finding): Finding => {
    const isStale = differs(finding) && !atRest.has(finding.dossier.code);
    return isStale ? { ...finding, judgement: { verdict: "in-flight" } } : finding;
  });
  const differing = judged.filter(differs);
  await noteDiscrepancies(
    executor,
    tenant,
    run,
    differing.map(({ dossier: { code, agency, portal_code }, judgement, ours, theirs }) => ({
      kind: judgement.verdict,
      code,
      agency,
      portalBorn: portal_code !== null,
      ours,
      theirs,
    })),
  );
  const missing = differing.filter(({ judgement }) => judgement.verdict === "missing-at-portal");
  await forgetHoldings(
    executor,
    tenant,
    platform,
    missing.map(({ dossier }) => dossier.code),
  );
  const closed = await closeDiscrepancies(executor, tenant, platform, endsOf(judged));
  const { code: cursor = run.cursor } = findings.at(-1)?.dossier ?? {};
  await executor.execute(
    sql`update reconciliations set cursor = ${cursor}, examined = examined + ${judged.length}::int,
               in_flight = in_flight + ${count(judged, "in-flight")}::int,
               not_compared = not_compared + ${count(judged, "not-compared")}::int,
               present = present + ${count(judged, "present")}::int, equal = equal + ${count(judged, "equal")}::int,
               missing_at_portal = missing_at_portal + ${missing.length}::int,
               status_differs = status_differs + ${count(judged, "status-differs")}::int, closed = closed + ${closed}::int,
               lease_until = null, held = null, fruitless = 0, next_at = now()
        where tenant = ${tenant} and id = ${run.id}::bigint`,
  );
  return true;
};
