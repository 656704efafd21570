const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Seconds after it was created at which a transaction is asked about: 2, 5, 15, 60 minutes, hourly to a day, daily to 30 (payment section 1.6). */
export const POLL_OFFSETS: readonly number[] = [
  ...[2, 5, 15].map((minutes) => minutes * MINUTE),
  ...Array.from({ length: 24 }, (_, n) => (n + 1) * HOUR),
  ...Array.from({ length: 29 }, (_, n) => (n + 2) * DAY),
];

/** Many payments are made at the same minute: they are not asked about at the same one. */
const JITTER = 0.1;

/** Who got no answer asks again after a quarter of an hour at most. */
const UNANSWERED = 15 * MINUTE;

/** When a transaction is worth asking about. */
export interface PollMoment {
  /** Since it was created. */
  readonly ageSeconds: number;
  /** Until the payment expires; negative: it has. Null: nothing hangs on it any more. */
  readonly expiresInSeconds: number | null;
  /** The platform answered the question before. */
  readonly answered: boolean;
  /** From 0 to 1, by chance. */
  readonly random: number;
}

/** Pure: after how many seconds to ask next; null: never again, a month was long enough. */
export const nextPoll = ({ ageSeconds, expiresInSeconds, answered, random }: PollMoment): number | null => {
  const offset = POLL_OFFSETS.find((each) => each > ageSeconds);
  if (offset === undefined) return null;
  const jittered = (offset - ageSeconds) * (1 + JITTER * random);
  const bounded = answered ? jittered : Math.min(jittered, UNANSWERED * (1 + JITTER * random));
  // The last question before it expires is asked right then: whatever has not been paid by now expires.
  const isBefore = expiresInSeconds !== null && expiresInSeconds > 0 && expiresInSeconds < bounded;
  return Math.max(1, isBefore ? expiresInSeconds + random : bounded);
};
