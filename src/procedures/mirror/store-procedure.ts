import { hasNoFees, hasNoResult, type ProcedureContent } from "../../../contracts/services/procedures.ts";
import { type Database, type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { nameWords } from "../../security/name-words.ts";
import { lockMirror } from "./claim-mirror.ts";

/** A procedure that this run has asked for. */
export interface MirroredProcedure {
  /** Canonical. */
  readonly code: string;
  readonly platformCode: string;
  /** Null: it is listed, and cannot be read. */
  readonly content: ProcedureContent | null;
}

/** A new version where it says something else than the newest; the words of the old one stay for the dossiers of its time. */
const writeVersion = async (
  executor: Executor,
  tenant: string,
  { code, platformCode, content }: MirroredProcedure & { readonly content: ProcedureContent },
): Promise<boolean> => {
  const json = JSON.stringify(content);
  const words = ` ${nameWords(content.name).join(" ")} `;
  const [written] = await rows<{ changed: boolean }>(
    executor,
    sql`with newest as (
          select valid_from, content from procedure_versions
          where tenant = ${tenant} and code = ${code} order by valid_from desc limit 1
        ),
        version as (
          insert into procedure_versions (tenant, code, valid_from, content, has_no_result, has_no_fees)
          select ${tenant}, ${code}, now(), ${json}::jsonb, ${hasNoResult(content)}, ${hasNoFees(content)}
          where not exists (select 1 from newest where newest.content = ${json}::jsonb)
          returning valid_from
        ),
        before as (select platform_code from procedures where tenant = ${tenant} and code = ${code}),
        current as (
          insert into procedures (tenant, code, platform_code, valid_from, is_listed, fetched_at, words)
          values (${tenant}, ${code}, ${platformCode},
                  coalesce((select valid_from from version), (select valid_from from newest)), true, now(), ${words})
          on conflict (tenant, code) do update set platform_code = excluded.platform_code, valid_from = excluded.valid_from,
            is_listed = true, fetched_at = now(), words = excluded.words
          returning platform_code
        )
        select exists (select 1 from version)
               or exists (select 1 from before, current where before.platform_code <> current.platform_code) as changed`,
  );
  return written?.changed ?? false;
};

/** Stores what was read of one procedure, once per run. False: the mirror is somebody else's by now. */
export const storeProcedure = (
  database: Database,
  tenant: string,
  fence: string,
  procedure: MirroredProcedure,
): Promise<boolean> =>
  database.transaction(async (executor) => {
    if (!(await lockMirror(executor, tenant, fence))) return false;
    const { content } = procedure;
    const changed = content !== null && (await writeVersion(executor, tenant, { ...procedure, content }));
    await executor.execute(
      sql`with done as (
            update procedure_mirror_codes set is_done = true
            where tenant = ${tenant} and code = ${procedure.code} and not is_done returning 1
          )
          update procedure_mirrors set read = read + (select count(*) from done),
            changed = changed + ${changed ? 1 : 0}, skipped = skipped + ${content === null ? 1 : 0}
          where tenant = ${tenant}`,
    );
    return true;
  });

/** Tries after which a procedure is given up for this run: one that cannot be read must not keep the others from it. */
const MOST_TRIES = 5;

/** Notes a try that came to nothing. @returns whether it was the last one */
export const noteTry = async (executor: Executor, tenant: string, code: string): Promise<boolean> => {
  const [noted] = await rows<{ tries: number }>(
    executor,
    sql`update procedure_mirror_codes set tries = tries + 1 where tenant = ${tenant} and code = ${code} returning tries`,
  );
  return (noted?.tries ?? 0) >= MOST_TRIES;
};

/** The next procedures of the run that were not read: those that were never tried, in the order of their codes, then the others. */
export const nextCodes = (
  executor: Executor,
  tenant: string,
  limit: number,
): Promise<{ code: string; platform_code: string }[]> =>
  rows(
    executor,
    sql`select code, platform_code from procedure_mirror_codes
        where tenant = ${tenant} and not is_done order by tries, code limit ${limit}`,
  );
