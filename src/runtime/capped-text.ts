/** Text of an answer, gathered up to a cap so that an endless answer cannot fill the memory. */
export interface CappedText {
  /** Takes the next bytes. False: the cap is passed, stop reading. */
  push(chunk: Uint8Array): boolean;
  /** The text so far; a character cut in two by the cap is left out. `overlong`: there was more than the cap. */
  end(): { readonly body: string; readonly overlong: boolean };
}

/** Gathers UTF-8 text of at most `maxBytes` bytes. Bytes that are no UTF-8 become U+FFFD; a byte order mark is dropped. */
export function createCappedText(maxBytes: number): CappedText {
  const decoder = new TextDecoder();
  let body = "";
  let left = maxBytes;
  let overlong = false;
  return {
    push(chunk) {
      if (overlong) return false;
      overlong = chunk.byteLength > left;
      body += decoder.decode(overlong ? chunk.subarray(0, left) : chunk, { stream: true });
      left -= Math.min(left, chunk.byteLength);
      return !overlong;
    },
    end() {
      // A whole answer that ends inside a character is flushed, so that the damage shows as U+FFFD.
      if (!overlong) body += decoder.decode();
      return { body, overlong };
    },
  };
}
