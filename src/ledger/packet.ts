/** What may have others behind it that share its call. */
interface Packed<T> {
  readonly followers?: readonly T[];
}

/** A head and its followers, in their order. */
export const inPacket = <T extends Packed<T>>(head: T): readonly T[] =>
  head.followers === undefined ? [head] : [head, ...head.followers];
