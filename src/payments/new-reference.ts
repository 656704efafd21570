const OFFSET_MS = 7 * 3_600_000;

// Without those that are taken for one another when they are read out: 0 and O, 1 and I and L, U and V.
const LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ";
const RANDOM_LENGTH = 14;
/** The largest multiple of the number of letters in a byte: what lies above would favour the first ones. */
const FAIR = 256 - (256 % LETTERS.length);

/**
 * A reference for one try at paying: the day in Vietnam and 14 letters by chance, 20 in all (payment section 1.2). Nothing about
 * the dossier is in it; a table leads back to it.
 */
export const newReference = (now: Date): string => {
  const day = new Date(now.getTime() + OFFSET_MS).toISOString().slice(2, 10).replaceAll("-", "");
  let random = "";
  while (random.length < RANDOM_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(RANDOM_LENGTH))) {
      if (byte < FAIR && random.length < RANDOM_LENGTH) random += LETTERS[byte % LETTERS.length];
    }
  }
  return day + random;
};
