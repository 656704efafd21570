const IV_BYTES = 12;

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

const keyOf = async (secret: string) => {
  const material = new TextEncoder().encode(`enterprise token\n${secret}`);
  return crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", material), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
};

/** Seals a short text under a secret, so that a token shared through the cache is of no use to who reads the database. */
export const seal = async (text: string, secret: string): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = new TextEncoder().encode(text);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(secret), plain);
  return toBase64(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
};

/** The text, or null when it was sealed under another secret or is no sealed text. */
export const unseal = async (sealed: string, secret: string): Promise<string | null> => {
  try {
    const bytes = fromBase64(sealed);
    const iv = bytes.slice(0, IV_BYTES);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(secret), bytes.slice(IV_BYTES));
    return new TextDecoder().decode(plain);
  } catch {
    return null;
  }
};
