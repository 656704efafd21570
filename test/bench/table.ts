import { type Row, shown } from "./figures.ts";

const peersOf = ({ peers, ratios }: Row): string =>
  Object.entries(peers)
    .map(([name, value]) => `${name}: ${shown(value)} (${shown(ratios[name])})`)
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

const lineOf = (row: Row): string[] => [
  row.name,
  row.unit,
  shown(row.ours),
  peersOf(row),
  row.bars.map(({ bar }) => bar).join("<br>") || "–",
  row.bars.map(({ met }) => MET.get(met)).join("<br>") || "–",
];

/** The rows as a Markdown table, the notes below it. */
export const markdownTable = (rows: readonly Row[]): string =>
  [
    ...aligned([HEAD, ...rows.map(lineOf)]),
    "",
    "Medians of the rounds; a ratio is ours divided by the peer's in the same round, and the median of those.",
    "",
    ...rows.flatMap((row) => [`${row.rounds.length} round(s)`, ...row.notes].map((note) => `- ${row.name}: ${note}`)),
  ].join("\n");
