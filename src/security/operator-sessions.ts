import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/u;

/** How long a session lives, however much it is used. */
const SESSION_HOURS = 8;
/** Browsers one operator is logged in with at a time; a further login ends the oldest session. */
const SESSIONS_PER_OPERATOR = 10;

/** The failure that begins to block; the n-th blocks for 2^n seconds: 32 s, 64 s, ... */
const FIRST_BLOCKING_FAILURE = 5;
const LONGEST_BLOCK_SECONDS = 900;
/** A failure longer ago than this is forgotten. */
const FAILURE_MEMORY_HOURS = 24;

const sha256 = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
const hashOf = (id: string): string => sha256(id).toString("base64url");

/** 256 random bits, in 43 letters of base64url. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** Whether a text has the shape of a token. */
export const isToken = (text: string | undefined): text is string => text !== undefined && TOKEN.test(text);

/** Whether two texts are one token, in constant time. */
export const isSameToken = (given: string, expected: string): boolean =>
  isToken(given) && isToken(expected) && timingSafeEqual(sha256(given), sha256(expected));

/** A session as the database knows it. */
export interface StoredSession {
  readonly operator: string;
  /** Stands in every form of the session's pages. */
  readonly csrf: string;
}

/**
 * Opens a session for eight hours by the database's clock. Sessions that are over go, and so do the operator's oldest
 * beyond ten: the table never grows with the number of logins.
 *
 * @returns the value for the cookie. Only its digest is stored: who reads the table cannot log in with it.
 */
export const openSession = async (executor: Executor, tenant: string, operator: string): Promise<string> => {
  const id = newToken();
  await executor.execute(
    sql`with own as (
          select id_hash from operator_sessions where tenant = ${tenant} and operator = ${operator}
          order by created_at desc offset ${SESSIONS_PER_OPERATOR - 1}
        ),
        gone as (
          delete from operator_sessions
          where tenant = ${tenant} and (expires_at <= now() or id_hash in (select id_hash from own))
        )
        insert into operator_sessions (tenant, id_hash, operator, csrf, expires_at)
        values (${tenant}, ${hashOf(id)}, ${operator}, ${newToken()}, now() + make_interval(hours => ${SESSION_HOURS}))`,
  );
  return id;
};

/** The session of a cookie's value, unless it is over. */
export const findSession = async (executor: Executor, tenant: string, id: string): Promise<StoredSession | null> => {
  const [session] = await rows<StoredSession>(
    executor,
    sql`select operator, csrf from operator_sessions
        where tenant = ${tenant} and id_hash = ${hashOf(id)} and expires_at > now()`,
  );
  return session ?? null;
};

/** Ends a session. */
export const endSession = async (executor: Executor, tenant: string, id: string): Promise<void> => {
  await executor.execute(sql`delete from operator_sessions where tenant = ${tenant} and id_hash = ${hashOf(id)}`);
};

// One of 65,536 counters per name: whoever tries a million names fills no table. Every name has one, of an operator or
// not, so that a block does not tell who exists.
const counterOf = (name: string): string => `login:${sha256(name.normalize("NFC")).toString("hex", 0, 2)}`;

/** What the counter says to one try at logging in: null to go on, or how long nobody may try under this name, in seconds. */
export type LoginBlock = { readonly retryAfterSeconds: number } | null;

/**
 * Counts a try as failed before the password is looked at, in one statement: tries made at the same moment wait for each
 * other's count, so that none slips through. `forgetFailures` takes it back after a success. While a name is blocked
 * nothing is counted: a guesser cannot prolong the block beyond its 15 minutes.
 */
export const countLogin = async (executor: Executor, tenant: string, name: string): Promise<LoginBlock> => {
  const subject = counterOf(name);
  const blockedUntil = sql`(f.last_at + make_interval(secs => case when f.failures < ${FIRST_BLOCKING_FAILURE} then 0
    else least(${LONGEST_BLOCK_SECONDS}, power(2, least(f.failures, 20))) end))`;
  const [found] = await rows<{ counted: boolean; wait: number | null }>(
    executor,
    sql`with counted as (
          insert into login_failures as f (tenant, subject, failures) values (${tenant}, ${subject}, 1)
          on conflict (tenant, subject) do update
          set failures = case when f.last_at < now() - make_interval(hours => ${FAILURE_MEMORY_HOURS}) then 1
                              else f.failures + 1 end,
              last_at = now()
          where ${blockedUntil} <= now()
          returning 1
        )
        select exists (select 1 from counted) as counted,
               (select ceil(extract(epoch from ${blockedUntil} - now()))::int from login_failures f
                where f.tenant = ${tenant} and f.subject = ${subject}) as wait`,
  );
  // Blocked by a try of this very moment, the row as this statement first saw it may not say so: then come back soon.
  return found?.counted === true ? null : { retryAfterSeconds: Math.max(1, found?.wait ?? 1) };
};

/** Forgets the failures of a name, after its operator logged in. */
export const forgetFailures = async (executor: Executor, tenant: string, name: string): Promise<void> => {
  await executor.execute(sql`delete from login_failures where tenant = ${tenant} and subject = ${counterOf(name)}`);
};
