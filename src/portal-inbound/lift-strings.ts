/** Where a long string stood in a body: between its quotes, bytes `from` to before `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The long strings of a body, by what stands in their place. */
export type Lifted = ReadonlyMap<string, Uint8Array>;

/** A JSON text without its long strings. */
export interface LiftedText {
  readonly text: Uint8Array;
  readonly lifted: Lifted;
}

/** Longer than any text that people write or that is read as such; files are. In bytes of base64. */
export const LIFTED_FROM = 4 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The quote that ends the string begun before `from`; -1: none does. A quote behind an odd number of backslashes ends nothing. */
const endOfString = (bytes: Buffer, from: number): number => {
  for (let quote = bytes.indexOf(QUOTE, from); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let before = quote - 1;
    while (before >= from && bytes[before] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote;
  }
  return -1;
};

const longStrings = (bytes: Buffer): Span[] => {
  const spans: Span[] = [];
  for (let open = bytes.indexOf(QUOTE); open >= 0; ) {
    const close = endOfString(bytes, open + 1);
    if (close < 0) return spans;
    if (close - open > LIFTED_FROM) spans.push({ from: open + 1, to: close });
    open = bytes.indexOf(QUOTE, close + 1);
  }
  return spans;
};

/**
 * Takes the long strings out of a JSON text, so that a file of fifty megabytes never becomes a string: the text in memory would
 * be several times as large. In the place of each stands a name, the same for the same body; whoever writes such a name into a
 * message refers to a string of that message. Quotes mean the same in every JSON text, and what is none stays none.
 */
export const liftStrings = (given: Uint8Array): LiftedText => {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length <= LIFTED_FROM) return { text: bytes, lifted: new Map() };
  const lifted = new Map<string, Uint8Array>();
  const parts: Uint8Array[] = [];
  let reached = 0;
  for (const { from, to } of longStrings(bytes)) {
    const name = `lifted:${lifted.size}:${to - from}`;
    lifted.set(name, bytes.subarray(from, to));
    parts.push(bytes.subarray(reached, from), Buffer.from(name));
    reached = to;
  }
  return { text: Buffer.concat([...parts, bytes.subarray(reached)]), lifted };
};
