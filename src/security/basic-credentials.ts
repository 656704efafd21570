/** Id and secret as HTTP Basic carries them. */
export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/iu;

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));

/**
 * Reads an `Authorization: Basic` header of an OAuth client: id and secret are form-url-encoded before they are joined
 * and put into Base64 (RFC 6749 section 2.3.1). `undefined` if it is not that.
 */
export const readBasicCredentials = (header: string): BasicCredentials | undefined => {
  const encoded = BASIC.exec(header.trim())?.[1];
  if (encoded === undefined) return undefined;
  try {
    const joined = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(Buffer.from(encoded, "base64"));
    const colon = joined.indexOf(":");
    if (colon < 0) return undefined;
    return { id: formDecode(joined.slice(0, colon)), secret: formDecode(joined.slice(colon + 1)) };
  } catch {
    return undefined; // not UTF-8, or a broken percent sign
  }
};
