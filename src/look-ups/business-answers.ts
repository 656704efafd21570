import type { PlatformId } from "../../contracts/adapter.ts";
import { type Executor, isoMoment, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** Public data of a business serve this long (api section 5). */
export const ANSWER_HOURS = 24;

const isFresh = sql`fetched_at > now() - make_interval(hours => ${ANSWER_HOURS}::int)`;

/** A kept answer: sealed, and when the register gave it. */
export interface KeptAnswer {
  readonly content: Uint8Array;
  readonly fetchedAt: string;
}

/** Which answer. */
export interface AnswerKey {
  readonly platform: PlatformId;
  /** Keyed hashes of what was asked, one for each ledger key, as an array parameter: any of them. */
  readonly keys: string;
}

/** The answer that is kept, if it is young enough. */
export const readAnswer = async (
  executor: Executor,
  tenant: string,
  { platform, keys }: AnswerKey,
): Promise<KeptAnswer | null> => {
  const [row] = await rows<{ content: Uint8Array; fetched_at: string }>(
    executor,
    sql`select content, fetched_at from business_answers
        where tenant = ${tenant} and platform = ${platform} and key = any(${keys}::text[]) and ${isFresh}
        order by fetched_at desc limit 1`,
  );
  return row === undefined ? null : { content: row.content, fetchedAt: isoMoment(row.fetched_at) };
};

/** Keeps an answer in the place of the one before, and forgets some that are too old. @returns when it was given */
export const keepAnswer = async (
  executor: Executor,
  tenant: string,
  { platform, key }: { readonly platform: PlatformId; readonly key: string },
  content: Uint8Array,
): Promise<string> => {
  const [row] = await rows<{ fetched_at: string }>(
    executor,
    sql`with old as (
          delete from business_answers b using (
            select tenant, platform, key from business_answers where not ${isFresh} order by fetched_at limit 20
            for update skip locked) o
          where b.tenant = o.tenant and b.platform = o.platform and b.key = o.key
            and (b.tenant, b.platform, b.key) <> (${tenant}, ${platform}, ${key})
        )
        insert into business_answers (tenant, platform, key, content) values (${tenant}, ${platform}, ${key}, ${content})
        on conflict (tenant, platform, key) do update set content = excluded.content, fetched_at = now()
        returning fetched_at`,
  );
  if (row === undefined) throw new Error("the answer was not kept");
  return isoMoment(row.fetched_at);
};
