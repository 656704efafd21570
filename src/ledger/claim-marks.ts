import { PRIORITIES } from "../../contracts/ledger.ts";

/** A place among the entries of one priority: due time as the database prints it, then id. */
export interface Place {
  readonly at: string;
  readonly id: string;
}

/** A stretch of the entries of one priority, after `low` up to `high`, that a claim looks through. */
export interface Stretch {
  readonly priority: number;
  readonly low: Place;
  readonly high: Place;
}

/** How far a claim came in one stretch. */
export interface Reached extends Place {
  /** Everything in the stretch was looked at. */
  readonly ended: boolean;
  /** For a stretch behind the marks: no entry is due before this, nor will one be but by a transaction of many seconds. To the millisecond. */
  readonly base: string | null;
}

/** What a claim looks through. */
export interface ClaimPlan {
  readonly stretches: readonly Stretch[];
  /** Entries that a settle of this process made heads of their streams: taken directly. */
  readonly freed: readonly string[];
  /** Due entries looked at in each stretch, blocked ones with them; null: all. */
  readonly looks: number | null;
}

/** What one process remembers of its claims of one platform, so that none looks again at what the one before it passed. */
export interface ClaimMarks {
  plan(limit: number): ClaimPlan;
  /** What a planned claim reached, stretch by stretch. @returns whether all that lay ahead was looked at. */
  reached(reached: readonly Reached[]): boolean;
  /** A settle freed these entries. */
  free(ids: readonly string[]): void;
}

const START: Place = { at: "-infinity", id: "0" };
const END: Place = { at: "infinity", id: "0" };

/** Every priority, the most urgent first. The first stretches of a plan lie ahead of the marks, one for each. */
export const LEVELS: readonly number[] = Object.values(PRIORITIES);

/** A claim without marks looks through everything that is due. */
export const EVERYTHING: ClaimPlan = {
  stretches: LEVELS.map((priority) => ({ priority, low: START, high: END })),
  freed: [],
  looks: null,
};

/** How often, in milliseconds, the entries behind the marks are looked through: what other processes or people freed. */
const SWEEP_MS = 1000;
/** A sweep that was dear is followed by a rest of so many times its length. */
const REST = 10;
/** One claim looks at so many entries of a stretch: some milliseconds, however many stand blocked behind failed ones. */
const LOOKS = 2000;
/** One sweep in so many begins at the very start, for what a transaction committed only after many seconds. */
const SWEEPS_FROM_START = 30;
/** Beyond so many, freed entries are left to the sweep. */
const MOST_FREED = 10_000;

interface Sweep {
  readonly begun: number;
  readonly lows: Place[];
  readonly highs: readonly Place[];
  base: string | null;
}

const time = (at: string): number => (at === START.at ? Number.NEGATIVE_INFINITY : Date.parse(at));

const earlier = (a: string | null, b: string | null): string | null => {
  if (a === null || b === null) return a ?? b;
  return time(a) < time(b) ? a : b;
};

/**
 * Marks for one platform in one process. A claim goes on from where the last one ended, one mark for each priority: neither the rows
 * that claims left dead in the index (they stay while anybody's transaction is open) nor blocked ones are walked again at each
 * claim. What appears behind a mark is found in two ways: an entry that a settle of this process freed is named here, any
 * other by a sweep that begins once a second and goes on piece by piece.
 *
 * @param elapsed monotonic milliseconds.
 * @param looks due entries that one claim looks at in each stretch.
 */
export const createClaimMarks = (elapsed: () => number, looks = LOOKS): ClaimMarks => {
  const front: Place[] = LEVELS.map(() => START);
  const freed = new Set<string>();
  let base = START;
  let sweeps = 0;
  let nextSweep = elapsed() + SWEEP_MS;
  let sweep: Sweep | undefined;

  const beginSweep = (): Sweep => {
    sweeps += 1;
    const low = sweeps % SWEEPS_FROM_START === 0 ? START : base;
    return { begun: elapsed(), lows: LEVELS.map(() => low), highs: [...front], base: null };
  };

  const swept = (one: Sweep, reached: readonly Reached[]): void => {
    for (const [i, { at, id, ended, base: lowest }] of reached.entries()) {
      one.lows[i] = ended ? (one.highs[i] ?? END) : { at, id };
      one.base = earlier(one.base, lowest);
    }
    if (!reached.every(({ ended }) => ended)) return;
    sweep = undefined;
    base = { at: one.base ?? START.at, id: START.id };
    nextSweep = one.begun + Math.max(SWEEP_MS, (elapsed() - one.begun) * REST);
  };

  const takeFreed = (limit: number): string[] => {
    const taken: string[] = [];
    for (const id of freed) {
      if (taken.length === limit) break;
      taken.push(id);
      freed.delete(id);
    }
    return taken;
  };

  return {
    plan: (limit) => {
      if (sweep === undefined && elapsed() >= nextSweep) sweep = beginSweep();
      const ahead = LEVELS.map((priority, i) => ({ priority, low: front[i] ?? START, high: END }));
      const behind = sweep && LEVELS.map((priority, i) => stretchOf(priority, sweep?.lows[i], sweep?.highs[i]));
      return { stretches: [...ahead, ...(behind ?? [])], freed: takeFreed(limit), looks };
    },
    reached: (reached) => {
      const ahead = reached.slice(0, LEVELS.length);
      for (const [i, { at, id }] of ahead.entries()) front[i] = { at, id };
      if (sweep !== undefined && reached.length > LEVELS.length) swept(sweep, reached.slice(LEVELS.length));
      return ahead.every(({ ended }) => ended);
    },
    free: (ids) => {
      for (const id of ids) if (freed.size < MOST_FREED) freed.add(id);
    },
  };
};

const stretchOf = (priority: number, low = START, high = START): Stretch => ({ priority, low, high });
