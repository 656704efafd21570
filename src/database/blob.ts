/**
 * Collects pieces of bytes into one parameter; the statement cuts them out again by `substr(bytes, from, length)`.
 * One long value is far cheaper to send and to parse than many.
 */
export const createBlob = () => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    /** Where the piece stands: `from` counts from 1, as `substr` does. */
    add(piece: Uint8Array): { from: number; length: number } {
      pieces.push(piece);
      size += piece.length;
      return { from: size - piece.length + 1, length: piece.length };
    },
    bytes: (): Uint8Array => Buffer.concat(pieces),
  };
};
