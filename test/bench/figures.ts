import { type Bar, type Judgement, judge, metAll } from "./bars.ts";

/** One side of a comparison: a number per round. */
export interface Subject {
  readonly name: string;
  /** @param round counts from 1; use it to seed whatever is random. */
  measure(round: number): Promise<number>;
}

/** What is compared, before it is measured. */
export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly ours: Subject;
  readonly peers: readonly Subject[];
  /** What ours is held to (design section 9); none: the row is for reading. */
  readonly bars?: readonly Bar[];
  /** For what takes minutes and is no ratio between two programs. */
  readonly mostRounds?: number;
  /** What a reader has to know to believe the row; asked for when all is measured. */
  readonly notes: () => readonly string[];
}

/** What a row's file prepares, and how to stop what it started. */
export interface Prepared {
  readonly comparisons: readonly Comparison[];
  stop(): Promise<void>;
}

/** One row of the table: medians over the rounds. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours divided by the peer's, round by round; the median of those. */
  readonly ratios: Readonly<Record<string, number>>;
  /** All bars in words, or null. */
  readonly bar: string | null;
  /** Whether every bar was met; null when one could not be judged, or there is none. */
  readonly met: boolean | null;
  readonly bars: readonly Judgement[];
  /** Every figure, in the order measured. */
  readonly rounds: readonly Readonly<Record<string, number>>[];
  readonly notes: readonly string[];
}

/** The middle value, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : [sorted[half - 1], sorted[half]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** The value that `part` of the values lie below, such as 0.95 of them. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};

/** As a table shows it: whole from a hundred on, else two or three digits that matter. */
export const shown = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toString();
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
};

/** One measurement that gives the figures of several subjects: made by whichever is asked first in a round. */
export const oncePerRound = <T>(measure: (round: number) => Promise<T>): ((round: number) => Promise<T>) => {
  let last: { readonly round: number; readonly value: Promise<T> } | undefined;
  return (round) => {
    if (last?.round !== round) last = { round, value: measure(round) };
    return last.value;
  };
};

/** `items`, begun one further in every round: nobody always runs first, or always behind the same neighbour. */
const rotated = <T>(items: readonly T[], by: number): readonly T[] =>
  items.map((_, i) => items[(i + by) % items.length] as T);

/** Measures both sides in turn, round by round, for the machine drifts (design section 9). */
export const compare = async (
  comparison: Comparison,
  rounds: number,
  progress: (line: string) => void,
): Promise<Row> => {
  const { name, unit, ours, peers, mostRounds = rounds } = comparison;
  const measured: Record<string, number>[] = [];
  for (let round = 1; round <= Math.min(rounds, mostRounds); round++) {
    const figures: Record<string, number> = {};
    for (const subject of rotated([ours, ...peers], round - 1)) {
      figures[subject.name] = await subject.measure(round);
      progress(`${name}, round ${round}: ${subject.name} ${shown(figures[subject.name])} ${unit}`);
    }
    measured.push(figures);
  }
  return rowOf(comparison, measured);
};

/** Pure: the row of what was measured. */
export const rowOf = (comparison: Comparison, measured: readonly Readonly<Record<string, number>>[]): Row => {
  const { name, unit, ours, peers, bars = [], notes } = comparison;
  const of = (subject: string) => median(measured.map((figures) => figures[subject] ?? Number.NaN));
  const ratioTo = (peer: string) =>
    median(measured.map((figures) => (figures[ours.name] ?? Number.NaN) / (figures[peer] ?? Number.NaN)));
  const ratios = Object.fromEntries(peers.map((peer) => [peer.name, ratioTo(peer.name)]));
  const judgements = bars.map((bar) => judge(bar, { unit, ours: of(ours.name), ratios }));
  return {
    name,
    unit,
    ours: of(ours.name),
    peers: Object.fromEntries(peers.map((peer) => [peer.name, of(peer.name)])),
    ratios,
    bar: judgements.map(({ bar }) => bar).join("; ") || null,
    met: metAll(judgements),
    bars: judgements,
    rounds: measured,
    notes: notes(),
  };
};
