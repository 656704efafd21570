import { SIGNED, UNSIGNED } from "../../contracts/platforms/vnpay/wire.ts";
import { hmac } from "../payments/digests.ts";

type Fields = Readonly<Record<string, string>>;

const encode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/gu, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/gu, "+");

/** The parameters as they are signed: sorted, form-encoded, without empty ones (payment section 2.3). */
export const sortedQuery = (fields: Fields): string =>
  Object.keys(fields)
    .filter((name) => !UNSIGNED.has(name) && fields[name] !== "")
    .sort()
    .map((name) => `${encode(name)}=${encode(fields[name] ?? "")}`)
    .join("&");

/** A query with its signature. */
export const signedQuery = async (fields: Fields, secret: string): Promise<string> => {
  const query = sortedQuery(fields);
  return `${query}&vnp_SecureHash=${await hmac("SHA-512", secret, query)}`;
};

/** The signature of a call to the merchant's API, or of its answer. */
export const apiSignature = (message: keyof typeof SIGNED, fields: Fields, secret: string): Promise<string> =>
  hmac("SHA-512", secret, SIGNED[message].map((name) => fields[name] ?? "").join("|"));
