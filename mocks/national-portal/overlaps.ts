/** Sees whether two calls about one dossier ran at the same time: the sender must keep them in order (np 6.1). */
export interface Overlaps {
  /** Calls that began while another about the same subject had not been answered. A sender that gave up waiting makes some too. */
  readonly count: number;
  /** The most calls ever in flight together. */
  readonly most: number;
  /** Marks the begin of a call; what it returns marks its end. */
  enter(subject: string): () => void;
}

/** Makes a witness that has seen nothing. */
export const createOverlaps = (): Overlaps => {
  const running = new Map<string, number>();
  let count = 0;
  let inFlight = 0;
  let most = 0;

  const enter = (subject: string) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    const before = subject === "" ? 0 : (running.get(subject) ?? 0);
    if (before > 0) count += 1;
    if (subject !== "") running.set(subject, before + 1);
    return () => {
      inFlight -= 1;
      const left = (running.get(subject) ?? 0) - 1;
      if (left > 0) running.set(subject, left);
      else running.delete(subject);
    };
  };

  return {
    get count() {
      return count;
    },
    get most() {
      return most;
    },
    enter,
  };
};
