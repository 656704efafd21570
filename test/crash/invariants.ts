import type { Sql } from "postgres";
import type { Accepted } from "./load.ts";
import type { Arrivals } from "./witness-portal.ts";

/** One entry as the ledger ended it. */
interface Ended {
  readonly id: string;
  readonly dossier: string;
  readonly replay: boolean;
  readonly state: string | null;
  /** Rows of `settled`: one, or something is wrong. */
  readonly ends: number;
  readonly superseded_by: string | null;
  readonly attempts: number | null;
  readonly recorded: number;
}

/** What was found of some dossiers at a moment of rest. */
export interface Findings {
  /** What must not be; empty when all is well. */
  readonly faults: readonly string[];
  readonly delivered: number;
  /** Steps and statuses that arrived again directly after themselves. */
  readonly repeated: number;
  readonly replays: number;
}

/** A message that the portal was to see at this place of its dossier: `required` when the ledger says delivered. */
interface Expected {
  readonly id: bigint;
  readonly place: bigint;
  readonly word: string;
  readonly required: boolean;
}

const readEnded = (sql: Sql, from: string): Promise<Ended[]> =>
  sql<Ended[]>`
    select e.id::text, e.dossier_code as dossier, e.replay_of is not null as replay, s.state, coalesce(s.ends, 0)::int as ends,
           s.superseded_by::text, s.attempts,
           (select count(*)::int from attempts a where a.tenant = e.tenant and a.entry_id = e.id) as recorded
    from entries e
    left join (select tenant, id, count(*) as ends, min(state) as state, min(superseded_by) as superseded_by,
                      min(attempts) as attempts from settled group by tenant, id) s on s.tenant = e.tenant and s.id = e.id
    where e.platform = 'national-portal' and e.direction = 'out' and e.id > ${from}::bigint order by e.id`;

/** Exactly-once recording: each call that was answered with 202 has one entry, which ended once, with all of its attempts. */
const checkRecords = (ended: readonly Ended[], accepted: readonly Accepted[]): string[] => {
  const wanted = new Set(accepted.map(({ id }) => id));
  const had = new Set(ended.map(({ id }) => id));
  return [
    ...accepted
      .filter(({ id }) => !had.has(id))
      .map(({ id, word }) => `${id}: accepted and not in the ledger (${word})`),
    ...ended
      .filter(({ id, replay }) => !replay && !wanted.has(id))
      .map(({ id }) => `${id}: in the ledger, never accepted`),
    ...(wanted.size === accepted.length ? [] : ["two calls were answered with one exchange"]),
    ...ended.filter(({ ends }) => ends !== 1).map(({ id, ends }) => `${id}: settled ${ends} times`),
    ...ended
      .filter(({ attempts, recorded }) => attempts !== recorded)
      .map(({ id, attempts, recorded }) => `${id}: ${attempts} attempts counted, ${recorded} recorded`),
  ];
};

/** The messages of each dossier in the order of their places: one that superseded others stands where the first of them stood. */
const expectedOf = (ended: readonly Ended[], accepted: readonly Accepted[]): Map<string, Expected[]> => {
  const byId = new Map(accepted.map((one) => [one.id, one]));
  const places = new Map<string, bigint>();
  const lastPut = new Map<string, string>();
  const dossiers = new Map<string, Expected[]>();
  for (const { id, dossier, state, superseded_by: by } of ended) {
    const place = places.get(id) ?? BigInt(id);
    if (by !== null && place < (places.get(by) ?? BigInt(by))) places.set(by, place);
    const one = byId.get(id);
    if (one?.kind === "put") lastPut.set(dossier, one.word);
    // A replay carries the dossier as it was accepted last.
    const word = one?.word ?? lastPut.get(dossier) ?? "";
    const messages = dossiers.get(dossier) ?? [];
    messages.push({ id: BigInt(id), place, word, required: state === "delivered" });
    dossiers.set(dossier, messages);
  }
  const order = (a: Expected, b: Expected): number => Number(a.place - b.place) || Number(a.id - b.id);
  return new Map([...dossiers].map(([code, messages]) => [code, messages.toSorted(order)]));
};

/**
 * Walks what arrived beside what was to arrive. A message may come again directly after itself; one that was cancelled or superseded
 * may have come, in its place; nothing else may come, and nothing that was delivered may be missing.
 */
export const compareArrivals = (
  expected: readonly { readonly word: string; readonly required: boolean }[],
  arrived: readonly string[],
): { readonly fault?: string; readonly repeated: number } => {
  let at = 0;
  let repeated = 0;
  // Arrivals of the last word that no delivered message has claimed yet.
  let spare = { word: "", count: 0, repeats: 0 };
  for (const { word, required } of expected) {
    let count = 0;
    while (arrived[at + count] === word) count++;
    at += count;
    if (count > 0) {
      repeated += count - 1;
      spare = { word, count: count - Number(required), repeats: count - 1 };
    } else if (spare.word === word && spare.count > 0) {
      // The same word twice in a row: a replay of what was to be sent last.
      if (!required) continue;
      repeated -= Math.min(1, spare.repeats);
      spare = { word, count: spare.count - 1, repeats: spare.repeats - Math.min(1, spare.repeats) };
    } else if (required) {
      return {
        fault: `"${word}" did not arrive in its place, there was ${JSON.stringify(arrived.slice(at, at + 3))}`,
        repeated,
      };
    }
  }
  if (at === arrived.length) return { repeated };
  return { fault: `out of place: ${JSON.stringify(arrived.slice(at, at + 3))}`, repeated };
};

/**
 * Everything that has to hold while the ledger is at rest (design section 6), of the entries behind `from`.
 *
 * @param accepted the exchanges that were answered with 202 since then.
 */
export const checkInvariants = async (
  sql: Sql,
  from: string,
  accepted: readonly Accepted[],
  arrivals: Arrivals,
): Promise<Findings & { readonly last: string }> => {
  const ended = await readEnded(sql, from);
  const faults = checkRecords(ended, accepted);
  let repeated = 0;
  for (const [code, expected] of expectedOf(ended, accepted)) {
    const compared = compareArrivals(expected, arrivals.get(code) ?? []);
    repeated += compared.repeated;
    if (compared.fault !== undefined) {
      const ids = expected.map(({ id, word, required }) => `${id} ${word} ${required ? "delivered" : "not delivered"}`);
      faults.push(`${code}: ${compared.fault}; all: ${JSON.stringify(arrivals.get(code))}; ledger: ${ids.join(", ")}`);
    }
  }
  return {
    faults,
    delivered: ended.filter(({ state }) => state === "delivered").length,
    repeated,
    replays: ended.filter(({ replay }) => replay).length,
    last: ended.at(-1)?.id ?? from,
  };
};
