/** Text of an answer, gathered up to a cap so that an endless answer cannot fill the memory. */
export interface CappedText {
  /** Takes the next bytes. False: the cap is passed, stop reading. */
  push(chunk: Uint8Array): boolean;
  /** The text so far; a character cut in two by the cap is left out. `overlong`: there was more than the cap. */
  end(): { readonly body: string; readonly overlong: boolean };
}

/** Decodes whole texts; one for all, since it keeps nothing between two. */
const whole = new TextDecoder();

/** Gathers UTF-8 text of at most `maxBytes` bytes. Bytes that are no UTF-8 become U+FFFD; a byte order mark is dropped. */
export function createCappedText(maxBytes: number): CappedText {
  // Most answers come in one piece: a decoder of their own is made only for the others.
  let first: Uint8Array | undefined;
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let body = "";
  let left = maxBytes;
  let overlong = false;
  const decode = (chunk: Uint8Array): void => {
    decoder ??= new TextDecoder();
    body += decoder.decode(chunk, { stream: true });
  };
  return {
    push(chunk) {
      if (overlong) return false;
      overlong = chunk.byteLength > left;
      const taken = overlong ? chunk.subarray(0, left) : chunk;
      left -= taken.byteLength;
      if (first === undefined && !overlong) {
        first = chunk;
        return true;
      }
      if (decoder === undefined && first !== undefined) decode(first);
      first ??= chunk;
      decode(taken);
      return !overlong;
    },
    end() {
      // A whole answer that ends inside a character is flushed, so that the damage shows as U+FFFD.
      if (decoder === undefined) return { body: first === undefined ? "" : whole.decode(first), overlong };
      if (!overlong) body += decoder.decode();
      return { body, overlong };
    },
  };
}
