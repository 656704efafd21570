import { ENTRY_OPERATIONS, PLATFORMS } from "../../contracts/adapter.ts";
import { ENTRY_STATES, type EntryState } from "../../contracts/ledger.ts";
import type { Database } from "../../src/database/database.ts";
import { sql } from "../../src/database/sql.ts";
import type { EntryFilter } from "../../src/ledger/search/entry-filter.ts";
import { seededRandom } from "./ledger-scene.ts";

/** An entry of the invented ledger, as a naive search looks at it. */
export interface KnownEntry {
  readonly tenant: string;
  readonly id: string;
  readonly platform: string;
  readonly operation: string;
  readonly direction: string;
  readonly agency: string;
  readonly subject: string;
  readonly dossier_code: string | null;
  readonly accepted_at: string;
  readonly state: EntryState;
  readonly error_code: string | null;
}

/** Values that entries are made of, and filters too. */
export const MARKS = {
  platform: PLATFORMS,
  operation: ENTRY_OPERATIONS,
  direction: ["out", "in"],
  agency: ["H04", "H04.1", "H04.1.2", "H04.12", "H05"],
  subject: ["D0", "D1", "D2", "S3", "S4"],
  dossierCode: ["D0", "D1", "D2", "D9"],
  state: ENTRY_STATES,
  errorCode: ["upstream_rejected", "upstream_timeout", "internal"],
} as const;

/** Moments from the first of November on, some of them the same for many entries. */
export const momentOf = (n: number): string => new Date(Date.UTC(2026, 10, 1) + n * 3_600_000).toISOString();
export const MOMENTS = 24;

/** States in which something may have gone wrong. */
const ERRING: readonly EntryState[] = ["failed", "waiting"];

/** Entries of every kind; ids do not go with the moments, and most are what is usual. */
export const inventEntries = (seed: number, count: number): KnownEntry[] => {
  const random = seededRandom(seed);
  const one = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined) throw new Error("nothing to choose from");
    return value;
  };
  return Array.from({ length: count }, (_, n) => {
    const usual = random() < 0.6;
    const state = random() < 0.5 ? "delivered" : one(ENTRY_STATES);
    const subject = one(MARKS.subject);
    // Numbers of three partitions: the one before there were months, this month, the next.
    const id = (one([0, 1, 2]) * 1_000_000 + n + 1).toString();
    return {
      tenant: random() < 0.9 ? "H04" : "other",
      id,
      platform: usual ? "national-portal" : one(MARKS.platform),
      operation: usual ? one(["dossier.put", "dossier.step"]) : one(MARKS.operation),
      direction: usual || random() < 0.7 ? "out" : "in",
      agency: one(MARKS.agency),
      subject,
      dossier_code: subject.startsWith("D") ? subject : one([null, "D0", "D9"]),
      accepted_at: momentOf(Math.floor(random() * MOMENTS)),
      state,
      error_code: ERRING.includes(state) ? one([null, ...MARKS.errorCode]) : null,
    };
  });
};

/** Writes them as accepted and, most of them, settled. @returns them with the ids they got. */
export const insertEntries = async (database: Database, invented: readonly KnownEntry[]): Promise<KnownEntry[]> => {
  const [first] = await database.execute(
    sql`select first_entry_id(now())::text as now, first_entry_id(date_trunc('month', now(), 'UTC') + interval '35 days')::text as next`,
  );
  const begins = [0n, BigInt(String(first?.["now"])), BigInt(String(first?.["next"]))];
  const known = invented.map((entry) => {
    const [partition, n] = [Number(entry.id) / 1_000_000, Number(entry.id) % 1_000_000];
    return { ...entry, id: ((begins[Math.floor(partition)] ?? 0n) + BigInt(n)).toString() };
  });
  const given = sql`jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as g(tenant text, id bigint, platform text, operation text,
    direction text, agency text, subject text, dossier_code text, accepted_at timestamptz, state text, error_code text)`;
  await database.execute(
    sql`insert into entries (tenant, id, direction, platform, operation, stream, subject, dossier_code, client, agency, priority,
                             correlation_id, accepted_at, payload)
        select tenant, id, direction, platform, operation, 's:' || id, subject, dossier_code, 'c', agency, 1, 'c', accepted_at, ''
        from ${given}`,
  );
  await database.execute(
    sql`insert into pending (tenant, id, direction, platform, agency, operation, stream, position, priority, state, error_code)
        select tenant, id, direction, platform, agency, operation, 's:' || id, id, 1, state, error_code from ${given}
        where state in ('queued', 'sending', 'waiting', 'failed')`,
  );
  await database.execute(
    sql`insert into settled (tenant, id, was, state, settled_at, attempts, direction, platform, agency)
        select tenant, id, case state when 'delivered' then 'sending' else 'failed' end, state,
               accepted_at + (id % 90) * interval '1 day', 1, direction, platform, agency
        from ${given} where state in ('delivered', 'cancelled', 'superseded')`,
  );
  return known;
};

/** The ids a search has to find, newest first: every entry is looked at. */
export const naiveSearch = (known: readonly KnownEntry[], boundary: string | null, filter: EntryFilter): string[] => {
  const has = (values: readonly string[] | undefined, value: string | null): boolean =>
    values === undefined || (value !== null && values.includes(value));
  return known
    .filter(
      (e) =>
        e.tenant === "H04" &&
        (boundary === null || e.agency === boundary || e.agency.startsWith(`${boundary}.`)) &&
        has(filter.state, e.state) &&
        has(filter.platform, e.platform) &&
        has(filter.operation, e.operation) &&
        has(filter.subject, e.subject) &&
        has(filter.dossierCode, e.dossier_code) &&
        has(filter.errorCode, e.error_code) &&
        has(filter.direction, e.direction) &&
        (filter.from === undefined || e.accepted_at >= filter.from) &&
        (filter.to === undefined || e.accepted_at < filter.to),
    )
    .sort((a, b) => b.accepted_at.localeCompare(a.accepted_at) || Number(BigInt(b.id) - BigInt(a.id)))
    .map(({ id }) => id);
};
