/** The keyed digests of the platforms that take payments. */
type Hash = "SHA-256" | "SHA-512";

const utf8 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));

/** Every byte is two digits: a digest that begins with a zero keeps it (payment section 2.2, vector V7b). */
const hexOf = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> | null =>
  /^(?:[\da-f]{2}){16,64}$/iu.test(hex)
    ? Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
        Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
      )
    : null;

/** Lower-case hex of the SHA-256 of a text in UTF-8, exactly as it stands: NFC and NFD differ. */
export const sha256Hex = async (text: string): Promise<string> =>
  hexOf(await crypto.subtle.digest("SHA-256", utf8(text)));

/** Lower-case hex of the HMAC of a text in UTF-8. */
export const hmacHex = async (hash: Hash, secret: string, text: string): Promise<string> => {
  const key = await crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash }, false, ["sign"]);
  return hexOf(await crypto.subtle.sign("HMAC", key, utf8(text)));
};

/**
 * Whether a digest that came, in hex of either case, is the expected one. Its time tells nothing of where they differ: both
 * are compared under a key that lives for this comparison alone.
 */
export const isDigest = async (given: string, expected: string): Promise<boolean> => {
  const [came, wanted] = [bytesOf(given), bytesOf(expected)];
  if (came === null || wanted === null) return false;
  const blind = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", blind, algorithm, false, ["sign", "verify"]);
  return crypto.subtle.verify("HMAC", key, await crypto.subtle.sign("HMAC", key, wanted), came);
};

/**
 * Whether a digest is that of one of several secrets: while a secret is exchanged both are good (payment section 4, rule 12).
 * All of them are tried. Without a secret nothing is signed.
 */
export const isSignedByOne = async (
  given: string,
  secrets: readonly string[],
  digest: (secret: string) => Promise<string>,
): Promise<boolean> => {
  const tried = await Promise.all(
    secrets.filter((secret) => secret !== "").map(async (secret) => isDigest(given, await digest(secret))),
  );
  return tried.includes(true);
};
