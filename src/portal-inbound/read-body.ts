import { type Lifted, liftStrings } from "./lift-strings.ts";

/** The body of a call with what it says. */
export interface ReadBody {
  readonly bytes: Uint8Array;
  /** Its JSON value, whatever the Content-Type says; undefined: it is none. */
  readonly value: unknown;
  /** The long strings of `value`, as raw JSON text, by what stands in their place there. */
  readonly lifted: Lifted;
  /** SHA-256 of the bytes, in hexadecimal. */
  digest(): Promise<string>;
}

/** No message of the portal is nested so deep; what reads them may then go down into them. */
const DEEPEST = 30;

const isTooDeep = (value: unknown, depth = 0): boolean =>
  typeof value === "object" &&
  value !== null &&
  (depth >= DEEPEST || Object.values(value).some((inner) => isTooDeep(inner, depth + 1)));

const jsonIn = (bytes: Uint8Array): unknown => {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
};

/** Reads a body. Never throws: what cannot be read is kept all the same. */
export const readingOf = (bytes: Uint8Array): ReadBody => {
  const { text, lifted } = liftStrings(bytes);
  return {
    bytes,
    value: jsonIn(text),
    lifted,
    digest: async () =>
      Buffer.from(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toString("hex"),
  };
};
