import type { Sql } from "postgres";
import { connect } from "../../src/runtime/database-connection.ts";

/** How much history, and how old it reaches. */
export interface HistorySizes {
  readonly entries: number;
  /** Months that it is spread over evenly, the present one included. */
  readonly months: number;
  /** Dossiers that the entries belong to; those below `firstDossier` are there already. */
  readonly dossiers: number;
  readonly firstDossier: number;
  /** Entries at rest, failed. */
  readonly failures: number;
  /** Search hashes of the names that the dossiers have in turn (src/security/search-hashes.ts). */
  readonly names: readonly (readonly string[])[];
}

/** Columns that a copy has values of its own in, as SQL over the template row `t` and the number `g.n`. */
type Overrides = Readonly<Record<string, string>>;

/** Rows inserted by one statement: what the triggers gather stays small. */
const CHUNK = 100_000;
const CODE = (n: string): string => `'H04.15-261120-' || lpad((${n})::text, 7, '0')`;

/** Every column of a table from the template row, but for the overrides: a column added later needs no change here. */
const copyRows = async (
  sql: Sql,
  table: string,
  overrides: Overrides,
  { template, source }: { readonly template: string; readonly source: string },
): Promise<void> => {
  const columns = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`;
  const names = columns.map(({ name }) => name);
  const values = names.map((name) => overrides[name] ?? `t.${name}`);
  await sql.unsafe(
    `insert into ${table} (${names.join(", ")}) select ${values.join(", ")}
     from (select * from ${table} where ${template} limit 1) t cross join ${source} order by g.n`,
  );
};

/** Dossiers like the one that is there, each with a name of the list and identity and receipt hashes of its own. */
const fillDossiers = async (sql: Sql, { dossiers, firstDossier, names }: HistorySizes): Promise<void> => {
  const given = names.map((tokens, n) => ({ n, tokens: `{${tokens.join(",")}}` }));
  await sql`create temp table names as
            select n, tokens::text[] as tokens from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as g(n int, tokens text)`;
  const source = `generate_series(${firstDossier}, ${dossiers - 1}) as g(n)
                  join names w on w.n = g.n % ${names.length}`;
  const code = CODE("g.n");
  const overrides = {
    code,
    search: `w.tokens || left(md5('identity' || g.n), 16) || left(md5('receipt' || g.n), 16)`,
    received_at: `now() - g.n * interval '25 seconds'`,
    status: `(array['processing', 'processing', 'finished', 'returned', 'supplement-required'])[1 + g.n % 5]`,
    procedure_code: `'1.' || lpad((g.n % 400)::text, 6, '0')`,
    portal_code: "null",
  };
  await copyRows(sql, "dossiers", overrides, { template: `tenant = 'H04' and code = ${CODE("0")}`, source });
  await sql.unsafe(
    `insert into holdings (tenant, platform, dossier_code)
     select 'H04', 'national-portal', ${code} from generate_series(${firstDossier}, ${dossiers - 1}) as g(n)
     on conflict do nothing`,
  );
};

/** Settled entries of one month with their attempts: two of a hundred superseded, one of ten thousand cancelled. */
const fillMonth = async (sql: Sql, month: Month, template: string, dossiers: number): Promise<void> => {
  const { begins, ends, firstId, count, numbersFrom } = month;
  for (let from = 1; from <= count; from += CHUNK) {
    const source = `generate_series(${from}, ${Math.min(count, from + CHUNK - 1)}) as g(n)`;
    const id = `${firstId} + g.n`;
    const at = `'${begins}'::timestamptz + ('${ends}'::timestamptz - '${begins}') * (g.n::float8 / ${count + 1})`;
    const code = CODE(`(g.n + ${numbersFrom}) % ${dossiers}`);
    const stream = `'national-portal:dossier:' || ${code}`;
    const operation = "case when g.n % 7 = 0 then 'dossier.put' else 'dossier.step' end";
    const own = { id, accepted_at: at, subject: code, dossier_code: code, stream, operation };
    const correlation = `'history-' || g.n + ${numbersFrom}`;
    await copyRows(
      sql,
      "entries",
      { ...own, correlation_id: correlation },
      { template: `tenant = 'H04' and id = ${template}`, source },
    );
    const isCancelled = "g.n % 10000 = 0";
    const isUnsent = "g.n % 50 = 0";
    const settled = {
      id,
      settled_at: `${at} + interval '40 milliseconds'`,
      was: `case when ${isUnsent} then 'waiting' else 'sending' end`,
      state: `case when ${isCancelled} then 'cancelled' when ${isUnsent} then 'superseded' else 'delivered' end`,
      attempts: `case when ${isUnsent} then 0 else 1 end`,
    };
    await copyRows(sql, "settled", settled, { template: `tenant = 'H04' and id = ${template}`, source });
    const attempts = { entry_id: id, started_at: at };
    await copyRows(sql, "attempts", attempts, {
      template: `tenant = 'H04' and entry_id = ${template}`,
      source: `${source} where not ${isUnsent}`,
    });
  }
};

interface Month {
  /** Instants as the database prints them. */
  readonly begins: string;
  readonly ends: string;
  readonly firstId: string;
  readonly count: number;
  /** How many entries the months before have. */
  readonly numbersFrom: number;
}

/** The months, opened as the product opens them; ids of the present one go on where the sequence stands. */
const openMonths = async (sql: Sql, { entries, months }: HistorySizes): Promise<Month[]> => {
  // Made for what was accepted before there were partitions: here nothing was, and the months take its place.
  await sql`drop table if exists entries_first, attempts_first`;
  const count = Math.floor(entries / months);
  const opened: Month[] = [];
  for (let ago = months - 1; ago >= 0; ago--) {
    const [month] = await sql<{ begins: string; ends: string; id: string }[]>`
      with m as (select date_trunc('month', now() at time zone 'UTC') - make_interval(months => ${ago}) as begins)
      select (begins at time zone 'UTC')::text as begins,
             least((begins + interval '1 month') at time zone 'UTC', now())::text as ends,
             case when ${ago} > 0 then first_entry_id(begins at time zone 'UTC') else nextval('entries_id_seq') end::text as id
      from m`;
    if (month === undefined) throw new Error("no month");
    await sql`select open_history_month(${month.begins}::text::timestamptz)`;
    opened.push({
      begins: month.begins,
      ends: month.ends,
      firstId: month.id,
      count,
      numbersFrom: opened.length * count,
    });
  }
  return opened;
};

/** Failed entries at rest, each in a stream of its own. */
const fillFailures = async (sql: Sql, failures: number, template: string): Promise<void> => {
  const code = `'H04.15-261119-' || lpad(g.n::text, 7, '0')`;
  const stream = `'national-portal:dossier:' || ${code}`;
  const source = `generate_series(1, ${failures}) as g(n)`;
  const own = {
    id: "nextval('entries_id_seq')",
    subject: code,
    dossier_code: code,
    stream,
    correlation_id: "'failed-' || g.n",
  };
  await copyRows(
    sql,
    "entries",
    { ...own, accepted_at: `now() - g.n * interval '1 minute'` },
    { template: `tenant = 'H04' and id = ${template}`, source },
  );
  await sql.unsafe(
    `insert into pending (tenant, id, platform, operation, stream, position, priority, state, error_code, agency)
     select tenant, id, platform, operation, stream, id, priority, 'failed', 'upstream_rejected', agency
     from entries where correlation_id like 'failed-%'`,
  );
};

/**
 * Fills the history tables with copies of one delivered entry, by month of acceptance, and the dossiers they belong to.
 * At least one entry has been delivered and the dossier 0 put before. The triggers that keep the sums run as ever.
 */
export const fillHistory = async (url: string, sizes: HistorySizes): Promise<void> => {
  const sql = connect(url, { max: 1, applicationName: "bench" });
  try {
    // What is lost of a fill is filled again: only the measured programs have to wait for the disk.
    await sql`set synchronous_commit = off`;
    const [row] = await sql<{ id: string }[]>`
      select s.id::text from settled s where s.state = 'delivered' and s.attempts = 1
        and exists (select 1 from attempts a where a.entry_id = s.id and a.n = 1) limit 1`;
    if (row === undefined) throw new Error("nothing was delivered yet");
    const months = await openMonths(sql, sizes);
    for (const month of months) await fillMonth(sql, month, row.id, sizes.dossiers);
    const last = months.at(-1);
    await sql`select setval('entries_id_seq', ${last?.firstId ?? "0"}::text::bigint + ${last?.count ?? 0})`;
    await fillFailures(sql, sizes.failures, row.id);
    await fillDossiers(sql, sizes);
  } finally {
    await sql.end();
  }
};
