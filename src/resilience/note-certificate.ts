import type { PlatformId } from "../../contracts/adapter.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/**
 * Notes when the certificate ends that we show to the platform (`<P>_TLS_CERT`), or that we show none. Every process
 * reads its own file; what the last one said is what all show and alarms are decided by.
 */
export const noteCertificate = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  expiresAt: Date | null,
): Promise<void> => {
  const moment = sql`${expiresAt?.toISOString() ?? null}::timestamptz`;
  await executor.execute(
    sql`insert into platform_states as s (tenant, platform, certificate_expires_at)
        select ${tenant}, ${platform}, ${moment}
        where ${moment} is not null or exists (select 1 from platform_states where tenant = ${tenant} and platform = ${platform})
        on conflict (tenant, platform) do update set certificate_expires_at = excluded.certificate_expires_at
        where s.certificate_expires_at is distinct from excluded.certificate_expires_at`,
  );
};
