import { textArray } from "../database/database.ts";
import { type SQL, sql } from "../database/sql.ts";

const UNSETTLED: readonly string[] = ["pending", "failed", "blocked"];

/** What comes before the code in the name of a dossier's stream. */
const streamsOf = (platform: string): string => `${platform}:dossier:`;

/** The state of a dossier from the unsettled entries `u` of its stream. */
const unsettledState: SQL = sql`case when bool_or(u.state = 'failed') and count(*) > 1 then 'blocked'
  when bool_or(u.state = 'failed') then 'failed' else 'pending' end`;

/**
 * How a dossier `d` stands towards a platform, as an expression (SYNC_STATES): derived from its unsettled entries and
 * from what the platform is known to hold; nothing is stored that could disagree with the ledger. What was delivered by entries that
 * retention dropped is remembered without them.
 */
export const syncState = (tenant: string, platform: string): SQL => {
  const stream = sql`${streamsOf(platform)} || d.code`;
  return sql`coalesce(
    (select ${unsettledState}
     from pending u where u.tenant = ${tenant} and u.stream = ${stream} having count(*) > 0),
    (select 'synced' from holdings h where h.tenant = ${tenant} and h.platform = ${platform} and h.dossier_code = d.code),
    (select 'synced' from entries e join settled s on s.tenant = e.tenant and s.id = e.id
     where e.tenant = ${tenant} and e.subject = d.code and e.platform = ${platform} and e.direction = 'out'
       and s.state = 'delivered' limit 1),
    (select 'synced' from past_deliveries o where o.tenant = ${tenant} and o.subject = d.code and o.platform = ${platform}),
    'none')`;
};

/**
 * The condition that a dossier `d` stands in one of these ways. Those with unsettled entries are few, and come from there; for the others
 * it is worked out for one dossier after the other.
 */
export const inSyncState = (tenant: string, platform: string, states: readonly string[]): SQL => {
  if (!states.every((state) => UNSETTLED.includes(state))) {
    return sql`${syncState(tenant, platform)} = any(${textArray(states)}::text[])`;
  }
  const streams = streamsOf(platform);
  return sql`d.code in (
    select substr(u.stream, ${streams.length + 1}::int) from pending u
    where u.tenant = ${tenant} and u.platform = ${platform} and starts_with(u.stream, ${streams})
    group by u.stream having ${unsettledState} = any(${textArray(states)}::text[]))`;
};
