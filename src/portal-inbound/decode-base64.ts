/** Raw bytes looked at in one turn: a text of this size is made of them, and let go. */
const TURN = 3 * 1024 * 1024;
const LONGEST_PREFIX = 200;

/** What a byte of the raw text is worth. */
const [KEPT, SKIPPED, ESCAPE] = [1, 2, 3];

const WORTH = new Uint8Array(256);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") {
  WORTH[character.charCodeAt(0)] = KEPT;
}
for (const character of " \t\r\n") WORTH[character.charCodeAt(0)] = SKIPPED;
const BACKSLASH = 0x5c;
WORTH[BACKSLASH] = ESCAPE;

const SLASH = 0x2f;
/** What JSON may write behind a backslash within base64: the slash itself, and ends of lines. */
const ESCAPED_SPACES = new Set([0x6e, 0x72, 0x74]);

/** Reads the significant characters out of raw JSON text of base64, one after the other; null: there is something else. */
const significant = (raw: Uint8Array, from: number, to: number, into: Uint8Array): number | null => {
  let count = 0;
  for (let i = from; i < to; i++) {
    const byte = raw[i] ?? 0;
    const worth = WORTH[byte];
    if (worth === KEPT) into[count++] = byte;
    if (worth === KEPT || worth === SKIPPED) continue;
    i += 1;
    const escaped = worth === ESCAPE ? (raw[i] ?? 0) : 0;
    if (escaped === SLASH) into[count++] = SLASH;
    else if (!ESCAPED_SPACES.has(escaped)) return null;
  }
  return count;
};

/** Behind `data:application/pdf;base64,`, if it begins so. */
const withoutPrefix = (raw: Uint8Array): Uint8Array => {
  const begin = Buffer.from(raw.subarray(0, LONGEST_PREFIX)).toString("latin1");
  return raw.subarray(/^data:[^,]*;base64,/u.exec(begin)?.[0].length ?? 0);
};

/** Whether what comes behind a `=` is nothing but at most one more. */
const isPaddedRight = (text: string, isLast: boolean): boolean => {
  const padding = text.indexOf("=");
  return padding < 0 || (isLast && text.length - padding <= 2 && /^=+$/u.test(text.slice(padding)));
};

/**
 * Decodes base64 as it stands in a JSON text, with the escapes of JSON and ends of lines in it; null when it is none.
 * `Buffer` alone would skip what is no base64 and give some other file. Beside the result it takes a few megabytes.
 */
export const decodeBase64 = (given: Uint8Array): Uint8Array | null => {
  const raw = withoutPrefix(given);
  const out = Buffer.allocUnsafe(Math.ceil((raw.length * 3) / 4));
  const clean = Buffer.allocUnsafe(TURN + 8);
  let [written, carried, at] = [0, "", 0];
  while (at < raw.length) {
    let end = Math.min(at + TURN, raw.length);
    // An escape is never cut in two.
    if (end < raw.length && raw[end - 1] === BACKSLASH) end -= 1;
    const count = significant(raw, at, end, clean);
    if (count === null) return null;
    const text = carried + clean.toString("latin1", 0, count);
    at = end;
    const isLast = at >= raw.length;
    if (!isPaddedRight(text, isLast)) return null;
    const whole = isLast ? text.length : text.length - (text.length % 4);
    written += out.write(text.slice(0, whole), written, "base64");
    carried = text.slice(whole);
    if (isLast && text.replace(/=+$/u, "").length % 4 === 1) return null;
  }
  return written === 0 ? null : out.subarray(0, written);
};
