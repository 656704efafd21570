import { hideWords } from "./personal-words.ts";

/** What a platform's field may show in clear; every other text in a body is hidden. Names in lower case. */
export type PublicFields = ReadonlySet<string>;

const HIDDEN = "•••";

/** Runs of nine digits and more are numbers of people, phones, accounts: the first and last three stay, for recognition. */
export const maskWords = (words: string): string =>
  words
    .replaceAll(/[^\s@<>"']+@[^\s@<>"']+/gu, HIDDEN)
    .replaceAll(/\d{9,}/gu, (digits) => `${digits.slice(0, 3)}${HIDDEN}${digits.slice(-3)}`);

const maskValue = (value: unknown, key: string, fields: PublicFields): unknown => {
  if (Array.isArray(value)) return value.map((item) => maskValue(item, key, fields));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskValue(inner, name, fields)]));
  }
  if (value === "" || value === null || typeof value === "boolean") return value;
  if (!fields.has(key.toLowerCase())) return HIDDEN;
  // A public field is a code, a time or a flag, shown as it is; one with spaces holds words, which may quote a number.
  return typeof value === "string" && /\s/u.test(value) ? maskWords(value) : value;
};

/**
 * A body of an attempt as a person may see it: of JSON, the values of public fields alone; of an HTML page or other
 * words, the beginning without numbers; of broken JSON, nothing, since nobody can tell what stands where.
 *
 * @param people words of the message that stand for people: hidden wherever a platform repeats them.
 */
export const maskBody = (body: string, fields: PublicFields, people: readonly string[] = []): string => {
  if (body === "") return "";
  try {
    return hideWords(JSON.stringify(maskValue(JSON.parse(body), "", fields), null, 1), people);
  } catch {
    return /^\s*[[{"]/u.test(body) ? `${HIDDEN} [${body.length}]` : hideWords(maskWords(body.slice(0, 500)), people);
  }
};
