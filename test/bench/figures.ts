/** One side of a comparison: a number per round, larger is better. */
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
  /** How large a part of a peer's figure ours has to be (design section 9); absent while there is none. */
  readonly bar?: { readonly peer: string; readonly atLeast: number };
  /** What a reader has to know to believe the row; asked for when all is measured. */
  readonly notes: () => readonly string[];
}

/** One row of the table: medians over the rounds. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours divided by the peer's, round by round; the median of those. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly bar: string | null;
  readonly met: boolean | null;
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

/** `items`, begun one further in every round: nobody always runs first, or always behind the same neighbour. */
const rotated = <T>(items: readonly T[], by: number): readonly T[] =>
  items.map((_, i) => items[(i + by) % items.length] as T);

/** Measures both sides in turn, round by round, for the machine drifts (design section 9). */
export const compare = async (
  comparison: Comparison,
  rounds: number,
  progress: (line: string) => void,
): Promise<Row> => {
  const { name, ours, peers } = comparison;
  const measured: Record<string, number>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const figures: Record<string, number> = {};
    for (const subject of rotated([ours, ...peers], round - 1)) {
      figures[subject.name] = await subject.measure(round);
      progress(`${name}, round ${round}: ${subject.name} ${whole(figures[subject.name])} ${comparison.unit}`);
    }
    measured.push(figures);
  }
  return rowOf(comparison, measured);
};

/** Pure: the row of what was measured. */
export const rowOf = (comparison: Comparison, measured: readonly Readonly<Record<string, number>>[]): Row => {
  const { name, unit, ours, peers, bar, notes } = comparison;
  const of = (subject: string) => median(measured.map((figures) => figures[subject] ?? Number.NaN));
  const ratioTo = (peer: string) =>
    median(measured.map((figures) => (figures[ours.name] ?? Number.NaN) / (figures[peer] ?? Number.NaN)));
  const ratios = Object.fromEntries(peers.map((peer) => [peer.name, ratioTo(peer.name)]));
  const reached = bar === undefined ? undefined : ratios[bar.peer];
  return {
    name,
    unit,
    ours: of(ours.name),
    peers: Object.fromEntries(peers.map((peer) => [peer.name, of(peer.name)])),
    ratios,
    bar: bar === undefined ? null : `≥ ${bar.atLeast} × ${bar.peer}`,
    met: bar === undefined || reached === undefined ? null : reached >= bar.atLeast,
    rounds: measured,
    notes: notes(),
  };
};

const whole = (value: number | undefined): string => (value === undefined ? "–" : Math.round(value).toString());

const peersOf = ({ peers, ratios }: Row): string =>
  Object.entries(peers)
    .map(([name, value]) => `${name}: ${whole(value)} (${ratios[name]?.toFixed(2)})`)
    .join("<br>") || "–";

const MET = new Map<boolean | null, string>([
  [true, "yes"],
  [false, "no"],
  [null, "–"],
]);

const HEAD = ["Work", "Unit", "Ours", "Peers (ratio)", "Bar", "Met"];
/** The column of figures: flush right. */
const FIGURES = 2;

/** Cells padded to their column, as the formatter of this repository wants Markdown tables. */
const aligned = (table: readonly (readonly string[])[]): string[] => {
  const widths = HEAD.map((_, column) => Math.max(3, ...table.map((cells) => [...(cells[column] ?? "")].length)));
  const pad = (cell: string, column: number): string => {
    const spaces = " ".repeat((widths[column] ?? 0) - [...cell].length);
    return column === FIGURES ? spaces + cell : cell + spaces;
  };
  const rule = widths.map((width, column) => (column === FIGURES ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  const [head = [], ...rows] = table.map((cells) => cells.map(pad));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
};

/** The rows as a Markdown table, the notes below it. */
export const markdownTable = (rows: readonly Row[]): string => {
  const cells = rows.map((row) => [
    row.name,
    row.unit,
    whole(row.ours),
    peersOf(row),
    row.bar ?? "–",
    MET.get(row.met) ?? "–",
  ]);
  return [
    ...aligned([HEAD, ...cells]),
    "",
    "Medians of the rounds; a ratio is ours divided by the peer's in the same round, and the median of those.",
    "",
    ...rows.flatMap((row) => row.notes.map((note) => `- ${row.name}: ${note}`)),
  ].join("\n");
};
