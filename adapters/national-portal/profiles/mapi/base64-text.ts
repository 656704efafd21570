/** How reading a base64 text out of JSON went. */
export interface Base64Text {
  /** The bytes, as the text comes. Throws when the text is none; `isUnreadable` says so then. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** True: what came is no JSON text of base64, or was cut short, or is empty. */
  readonly isUnreadable: () => boolean;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/u;

/** JSON may write any character of base64 as an escape; .NET does so with `+` as it comes. A half escape waits. */
const ESCAPE = /\\(?:u00([0-9a-f]{2})|([/nrt]))/giu;
const HALF_ESCAPE = /\\(?:u[0-9a-f]{0,3})?$/iu;

const unescaped = (text: string): string =>
  text.replace(ESCAPE, (_whole, code?: string, plain?: string) =>
    code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : plain === "/" ? "/" : "\n",
  );

class Unreadable extends Error {}

const unreadable = (): Error => new Unreadable("the answer is no JSON text of base64");

const opened = (text: string): string => {
  if (!text.startsWith('"')) throw unreadable();
  return text.slice(1);
};

/** What of a piece stands inside the quotes, what has to wait for the next piece, and what is behind the quotes; null: they are open. */
const cut = (text: string): { body: string; carried: string; behind: string | null } => {
  const end = text.indexOf('"');
  if (end >= 0) return { body: text.slice(0, end), carried: "", behind: text.slice(end + 1) };
  const carried = HALF_ESCAPE.exec(text)?.[0] ?? "";
  return { body: text.slice(0, text.length - carried.length), carried, behind: null };
};

/** The pieces of the text inside its quotes, escapes read. @throws Unreadable behind a text that is not whole */
async function* piecesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let place: "before" | "inside" | "behind" = "before";
  let waiting = "";
  for await (const piece of pieces) {
    let text = waiting + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    if (place === "before") text = text.trimStart();
    if (text === "") continue;
    if (place === "before") {
      text = opened(text);
      place = "inside";
    }
    if (place === "inside") {
      const { body, carried, behind } = cut(text);
      waiting = carried;
      yield unescaped(body).replaceAll(/[ \t\r\n]/gu, "");
      if (behind === null) continue;
      place = "behind";
      text = behind;
    }
    if (text.trim() !== "") throw unreadable();
  }
  if (place !== "behind") throw unreadable();
}

/** Decodes quads as they come: `Buffer` alone would skip what is no base64 and give some other file. */
async function* decoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let carried = "";
  let size = 0;
  for await (const piece of piecesOf(pieces)) {
    const text = carried + piece;
    // Padding ends the text: nothing may follow it.
    if (!BASE64.test(text)) throw unreadable();
    const whole = text.length - (text.length % 4);
    const usable = text.includes("=") ? 0 : whole;
    carried = text.slice(usable);
    if (usable === 0) continue;
    size += usable;
    yield Buffer.from(text.slice(0, usable), "base64");
  }
  const last = Buffer.from(carried, "base64");
  const padding = carried.length - carried.replace(/=+$/u, "").length;
  if ((carried.length - padding) % 4 === 1 || (padding > 0 && carried.length % 4 !== 0)) throw unreadable();
  if (size + last.length === 0) throw unreadable();
  if (last.length > 0) yield last;
}

/** Reads a JSON text of base64 as it comes, in little memory: a paper's file may be large (np 2.5). */
export const readBase64Text = (pieces: AsyncIterable<Uint8Array>): Base64Text => {
  let isUnreadable = false;
  // Whoever takes no more ends this generator, and with it what it reads from.
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* decoded(pieces);
    } catch (error) {
      isUnreadable = error instanceof Unreadable;
      throw error;
    }
  }
  return { bytes: watched(), isUnreadable: () => isUnreadable };
};
