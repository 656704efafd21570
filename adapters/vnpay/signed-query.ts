import { hmacHex, isSignedByOne } from "../../contracts/payments/digests.ts";
import { UNSIGNED } from "../../contracts/platforms/vnpay/wire.ts";

/** A query as it came, with the characters that stood there beside what they mean. */
export interface SignedQuery {
  /** Parameters that begin with `vnp_`. */
  readonly values: Readonly<Record<string, string>>;
  /** Its signature is right under one of the secrets. */
  isSigned(secrets: readonly string[]): Promise<boolean>;
}

const OURS = /^vnp_\w+$/u;

const byName = ([left]: readonly [string, string], [right]: readonly [string, string]): number =>
  left < right ? -1 : Number(left > right);

const joined = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${name}=${value}`).join("&");

/** What is signed of parameters: sorted by name, form-encoded, without empty ones (payment section 2.3). */
export const canonicalQuery = (parameters: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(parameters).filter(([name, value]) => !UNSIGNED.has(name) && value !== "");
  return new URLSearchParams(pairs.sort(byName)).toString();
};

/** A query with its signature behind it. */
export const signQuery = async (parameters: Readonly<Record<string, string>>, secret: string): Promise<string> => {
  const canonical = canonicalQuery(parameters);
  return `${canonical}&vnp_SecureHash=${await hmacHex("SHA-512", secret, canonical)}`;
};

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replace(/\+/gu, " "));
  } catch {
    return undefined;
  }
};

/** A space is `+` in what VNPay signs: a text with `%20`, or with a bare space, is not what it sent (vector V10). */
const isFormEncoded = (text: string): boolean => !/%20| /u.test(text);

const partsOf = (query: string): readonly (readonly [string, string])[] =>
  query.split("&").map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
  });

/** A name that only decoding makes one of ours would be read by some and not by others. */
const isDisguised = ([name]: readonly [string, string]): boolean => !OURS.test(name) && OURS.test(decoded(name) ?? "");

/**
 * Reads a query; undefined where a name stands twice or a value is not UTF-8. Whatever else a proxy put in is left alone: only
 * what begins with `vnp_` is signed. Two texts may be what was signed: the one that came, and ours of the same values, since
 * form encodings differ in a few characters. They mean the same.
 */
export const readSignedQuery = (query: string): SignedQuery | undefined => {
  const parts = partsOf(query);
  if (parts.some(isDisguised)) return undefined;
  const ours = parts.filter(([name]) => OURS.test(name));
  const values: Record<string, string> = {};
  for (const [name, text] of ours) {
    const value = decoded(text);
    if (value === undefined || Object.hasOwn(values, name)) return undefined;
    values[name] = value;
  }
  const signed = ours.filter(([name, text]) => !UNSIGNED.has(name) && text !== "");
  const asItCame = joined(signed.sort(byName));
  const texts = [canonicalQuery(values), ...(isFormEncoded(asItCame) ? [asItCame] : [])];
  const given = values["vnp_SecureHash"] ?? "";
  return {
    values,
    isSigned: async (secrets) => {
      const tried = texts.map((text) => isSignedByOne(given, secrets, (secret) => hmacHex("SHA-512", secret, text)));
      return (await Promise.all(tried)).includes(true);
    },
  };
};
