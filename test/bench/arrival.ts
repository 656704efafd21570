/** What a portal saw of the steps `0..count-1`, spread over `streams` dossiers in turn. */
export interface Arrival {
  /** Steps that never came. */
  readonly lost: number;
  /** Steps that came more than once, counted once for each time beyond the first. */
  readonly repeated: number;
  /** Dossiers of which a step came after one that had been accepted later. */
  readonly disordered: number;
}

/**
 * Pure: judges the numbers of the steps in the order they came. A repeated step is in order when nothing of its dossier
 * came in between: it was sent again because its outcome was unknown.
 */
export const judgeArrival = (numbers: readonly number[], count: number, streams: number): Arrival => {
  const newest = new Map<number, number>();
  const disordered = new Set<number>();
  const seen = new Set<number>();
  for (const n of numbers) {
    const stream = n % streams;
    if (n < (newest.get(stream) ?? -1)) disordered.add(stream);
    newest.set(stream, n);
    seen.add(n);
  }
  return { lost: count - seen.size, repeated: numbers.length - seen.size, disordered: disordered.size };
};
