/** So many at once, in this process. What is taken is given back once, however often it is said. */
export const createPlaces = (most: number) => {
  let taken = 0;
  return {
    take: (): (() => void) | null => {
      if (taken >= most) return null;
      taken += 1;
      let held = true;
      return () => {
        if (held) taken -= 1;
        held = false;
      };
    },
  };
};
