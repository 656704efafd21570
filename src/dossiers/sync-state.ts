import { type SQL, sql } from "drizzle-orm";

/**
 * How a dossier `d` stands towards a platform, as an expression (SYNC_STATES): derived from its unsettled entries and
 * from what the platform is known to hold; nothing is stored that could disagree with the ledger. What was delivered by entries that
 * retention dropped is remembered without them.
 */
export const syncState = (tenant: string, platform: string): SQL => {
  const stream = sql`${`${platform}:dossier:`} || d.code`;
  return sql`coalesce(
    (select case when bool_or(u.state = 'failed') and count(*) > 1 then 'blocked'
                 when bool_or(u.state = 'failed') then 'failed' else 'pending' end
     from pending u where u.tenant = ${tenant} and u.stream = ${stream} having count(*) > 0),
    (select 'synced' from holdings h where h.tenant = ${tenant} and h.platform = ${platform} and h.dossier_code = d.code),
    (select 'synced' from entries e join settled s on s.tenant = e.tenant and s.id = e.id
     where e.tenant = ${tenant} and e.subject = d.code and e.platform = ${platform} and e.direction = 'out'
       and s.state = 'delivered' limit 1),
    (select 'synced' from past_deliveries o where o.tenant = ${tenant} and o.subject = d.code and o.platform = ${platform}),
    'none')`;
};
