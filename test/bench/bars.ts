/** What a figure is held to (design section 9): a part of a peer's figure, a multiple of it at most, or a limit in the row's unit. */
export type Bar =
  | { readonly peer: string; readonly atLeast: number }
  | { readonly peer: string; readonly atMost: number }
  | { readonly below: number };

/** What a bar is compared with: medians over the rounds. */
export interface Reached {
  readonly unit: string;
  readonly ours: number;
  /** Ours divided by the peer's. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** A bar in words, and whether it was met; null: there was nothing to compare with. */
export interface Judgement {
  readonly bar: string;
  readonly met: boolean | null;
}

const verdict = (value: number | undefined, met: (value: number) => boolean): boolean | null =>
  value === undefined || Number.isNaN(value) ? null : met(value);

/** Pure: holds what was reached against one bar. */
export const judge = (bar: Bar, { unit, ours, ratios }: Reached): Judgement => {
  if ("below" in bar) return { bar: `< ${bar.below} ${unit}`, met: verdict(ours, (value) => value < bar.below) };
  const ratio = ratios[bar.peer];
  return "atLeast" in bar
    ? { bar: `≥ ${bar.atLeast} × ${bar.peer}`, met: verdict(ratio, (value) => value >= bar.atLeast) }
    : { bar: `≤ ${bar.atMost} × ${bar.peer}`, met: verdict(ratio, (value) => value <= bar.atMost) };
};

/** One missed bar misses the row; one that could not be judged leaves it open; null for a row without bars. */
export const metAll = (judgements: readonly Judgement[]): boolean | null => {
  if (judgements.some(({ met }) => met === false)) return false;
  return judgements.length === 0 || judgements.some(({ met }) => met === null) ? null : true;
};
