/** Bytes of bodies that may be in memory at once: who finds no room is told to come again. */
export interface ByteBudget {
  /** Room for so many bytes, to be given back by calling what is returned; null: there is none. */
  take(bytes: number): (() => void) | null;
}

/** A budget. A body of its whole size always fits when nothing else is there. */
export const createByteBudget = (total: number): ByteBudget => {
  let left = total;
  return {
    take: (bytes) => {
      const wanted = Math.min(Math.max(0, bytes), total);
      if (wanted > left) return null;
      left -= wanted;
      let given = false;
      return () => {
        if (!given) left += wanted;
        given = true;
      };
    },
  };
};
