import { type Database, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { renewRulebook } from "../../life-cycle/rulebook/renew-rulebook.ts";
import { lockMirror } from "./claim-mirror.ts";

/** Two in the morning in Vietnam, and some minutes of its own for each deployment: not all of them at once. */
const nextNight = (tenant: string) => sql`
  (date_trunc('day', now() at time zone 'Asia/Ho_Chi_Minh') + interval '1 day 2 hours') at time zone 'Asia/Ho_Chi_Minh'
  + make_interval(mins => abs(hashtext(${tenant})) % 60)`;

/**
 * Ends the run until the next night. What the catalogue lists no more stays, with its history, and is marked so. Dossiers are
 * judged by what changed from this commit on.
 *
 * @param because the platform refused its list: what was mirrored before stays as it is.
 */
export const finishMirror = (
  database: Database,
  tenant: string,
  fence: string,
  because: { readonly code: string; readonly message: string } | null = null,
): Promise<void> =>
  database.transaction(async (executor) => {
    if (!(await lockMirror(executor, tenant, fence))) return;
    if (because === null) {
      await executor.execute(
        sql`update procedures p set is_listed = false
            where p.tenant = ${tenant} and p.is_listed
              and not exists (select 1 from procedure_mirror_codes m where m.tenant = p.tenant and m.code = p.code)`,
      );
    }
    await executor.execute(sql`delete from procedure_mirror_codes where tenant = ${tenant}`);
    const [run] = await rows<{ changed: number }>(
      executor,
      sql`update procedure_mirrors set stage = 'idle', lease_until = null, is_held = false, requested_at = null,
            finished_at = case when ${because === null} then now() else finished_at end,
            error_code = ${because?.code ?? null}, error = ${because?.message ?? null}, next_at = ${nextNight(tenant)}
          where tenant = ${tenant} returning changed`,
    );
    if ((run?.changed ?? 0) > 0) await renewRulebook(executor, tenant);
  });
