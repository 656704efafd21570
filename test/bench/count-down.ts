/** A drain takes seconds; one that does not end has failed. */
const MOST_MS = 180_000;

/** Counts what is done until it is all done. */
export const countDown = (count: number) => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let left = count;
  let begun: number | undefined;
  if (left <= 0) resolve(0);
  const timer = setTimeout(() => reject(new Error(`after ${MOST_MS} ms ${left} of ${count} are left`)), MOST_MS);
  return {
    /** Starts the clock, once: what a library does before its first job is not counted against it. */
    begin: (): void => {
      begun ??= performance.now();
    },
    tick: (by = 1): void => {
      left -= by;
      if (left <= 0) resolve((performance.now() - (begun ?? Number.NaN)) / 1000);
    },
    fail: reject,
    /** From the beginning to the last tick; rejects when it fails or takes too long. */
    seconds: promise.finally(() => clearTimeout(timer)),
  };
};
