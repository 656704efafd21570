/** What stands for a masked number or code, and for masked words. */
const CODE = "#";
const WORDS = "…";

const MAX_READ = 1000;
const MAX_SHAPE = 300;

const QUOTED = /"[^"]*"|“[^”]*”|«[^»]*»|`[^`]*`|(?<![\p{L}\d])'[^']*'(?!\p{L})/gu;
const ADDRESS = /[^\s<>]+@[^\s<>]+|\bhttps?:\/\/[^\s<>]+/gu;
/** A word with a digit in it: a number, a date, a dossier code, an identity paper. */
const CODE_LIKE = /[\p{L}\d._:/+-]*\d[\p{L}\d._:/+-]*/gu;
/** Two and more capitalised words in a row are taken for a name: of a person, a street, an office. */
const NAME = /\p{Lu}[\p{L}\p{M}]*(?:\s+\p{Lu}[\p{L}\p{M}]*)+/gu;

/**
 * Pure: a platform's message without what is particular to one dossier, so that failures with one cause read the same
 * (design section 1, "4,000 failures listed one by one"). Quoted text, addresses, every word with a digit and every
 * run of capitalised words give way to placeholders; other words stay. Of a message all in capitals no name can be
 * told, so its words stay. A lone given name may stay too: that is why the shape is never stored in clear.
 */
export const failureShape = (message: string): string => {
  const text = message.slice(0, MAX_READ).toWellFormed().normalize("NFC");
  const mixedCase = /\p{Ll}/u.test(text);
  const masked = text.replaceAll(QUOTED, WORDS).replaceAll(ADDRESS, WORDS).replaceAll(CODE_LIKE, CODE);
  return (mixedCase ? masked.replaceAll(NAME, WORDS) : masked)
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/#(?:[\s,;]+#)+/gu, CODE)
    .replaceAll(/…(?:[\s,;]+…)+/gu, WORDS)
    .trim()
    .slice(0, MAX_SHAPE)
    .toWellFormed();
};
