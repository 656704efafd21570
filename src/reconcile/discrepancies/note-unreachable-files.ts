import type { PlatformId } from "../../../contracts/adapter.ts";
import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/**
 * Files that the platform was told of and cannot open are a discrepancy of their dossier: noted when one was found so, again
 * when it was found so after a repair, and gone once every link that still holds can be opened.
 */
export const noteUnreachableFiles = async (executor: Executor, tenant: string, platform: PlatformId): Promise<void> => {
  await executor.execute(
    sql`with bad as (
          select dossier_code, max(checked_at) as checked_at from relayed_files
          where tenant = ${tenant} and reachable = false and revoked_at is null
          group by dossier_code
        ),
        healed as (
          update discrepancies d set state = case state when 'repairing' then 'repaired' else 'gone' end, is_due = false, closed_at = now()
          where d.tenant = ${tenant} and d.platform = ${platform} and d.kind = 'file-unreachable'
            and d.state in ('open', 'repairing', 'dismissed') and not d.is_due
            and not exists (select 1 from bad where bad.dossier_code = d.dossier_code)
            -- A link that was sent anew and is still to be looked at proves nothing yet.
            and not exists (select 1 from relayed_files f where f.tenant = d.tenant and f.dossier_code = d.dossier_code
                            and f.check_due_at is not null)
        )
        insert into discrepancies as d (tenant, platform, kind, dossier_code, agency, portal_born)
        select ${tenant}, ${platform}, 'file-unreachable', bad.dossier_code, dossier.agency, dossier.portal_code is not null
        from bad join dossiers dossier on dossier.tenant = ${tenant} and dossier.code = bad.dossier_code
        where not exists (select 1 from discrepancies known
                          where known.tenant = ${tenant} and known.platform = ${platform} and known.dossier_code = bad.dossier_code
                            and known.kind = 'file-unreachable' and known.state in ('open', 'repairing', 'dismissed')
                            and known.last_seen_at >= bad.checked_at)
        order by bad.dossier_code
        on conflict (tenant, platform, dossier_code, kind) where state in ('open', 'repairing', 'dismissed')
        do update set last_seen_at = now(), state = case when d.state = 'repairing' and not d.is_due then 'open' else d.state end`,
  );
};
