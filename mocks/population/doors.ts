import { type AccessCredential, hashInput } from "../../contracts/platforms/population/wire.ts";
import { POPULATION_DEFAULTS as KNOWN } from "./settings.ts";

/** How far the clock of a caller may be off (SOURCE.md: reconstruction). */
const WINDOW_MS = 5 * 60_000;

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const decode = (base64: string): string | undefined => {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
};

/** What is wrong with the headers of a direct call; undefined when nothing is (reg 1.2). */
export const directRefusal = async (
  header: (name: string) => string | undefined,
  { now, hashUrl }: { readonly now: Date; readonly hashUrl: string },
): Promise<string | undefined> => {
  const timestamp = header("timestamp") ?? "";
  if (!/^(?:\d{10}|\d{13})$/u.test(timestamp)) return "Timestamp";
  // Seconds or milliseconds: clients in use disagree.
  const sent = Number(timestamp) * (timestamp.length === 10 ? 1000 : 1);
  if (Math.abs(now.getTime() - sent) > WINDOW_MS) return "Timestamp ngoài khoảng cho phép";
  const input = hashInput(hashUrl, KNOWN.username, timestamp, KNOWN.secret);
  const hash = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(input)));
  const [scheme, credentials = ""] = (header("authorization") ?? "").split(" ");
  if (scheme !== "Basic" || decode(credentials) !== `${KNOWN.username}:${hash}`) return "Authorization";
  if (header("apikey") !== KNOWN.apiKey) return "ApiKey";
  if (header("x-road-client") !== KNOWN.xroadClient) return "X-Road-Client";
  if (!(header("content-type") ?? "").startsWith("application/xml")) return "Content-Type";
  return undefined;
};

/** Whether the credential of the "AccessKey" family is in one of the two headers it was seen in (reg 1.3, B). */
export const hasAccessKey = (header: (name: string) => string | undefined): boolean => {
  const given = decode(header("lgspaccesstoken") ?? header("authorization") ?? "");
  const wanted: AccessCredential = KNOWN.credential;
  // Compact JSON: a space more is another text.
  return given === JSON.stringify(wanted);
};
