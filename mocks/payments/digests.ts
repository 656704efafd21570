const utf8 = (text: string) => new TextEncoder().encode(text);

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => (byte < 16 ? "0" : "") + byte.toString(16)).join("");

/** Lower-case hex SHA-256 of a text. */
export const sha256 = async (text: string): Promise<string> => hex(await crypto.subtle.digest("SHA-256", utf8(text)));

/** Lower-case hex HMAC of a text. */
export const hmac = async (hash: "SHA-256" | "SHA-512", secret: string, text: string): Promise<string> => {
  const key = await crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash }, false, ["sign"]);
  return hex(await crypto.subtle.sign("HMAC", key, utf8(text)));
};

/** A moment as the platforms write it: `yyyyMMddHHmmss` of Viet Nam. */
export const stamp = (moment: Date): string => {
  const there = new Date(moment.getTime() + 7 * 3_600_000).toISOString();
  return there.slice(0, 19).replace(/[-:T]/gu, "");
};
