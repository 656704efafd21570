import type { NameForm } from "./config.ts";

/** What XML 1.0 cannot carry, in whatever spelling; a name has no such character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu;

/** Đ has no accent that could be taken off; Ð is a letter of Iceland that stands for it in many a data set. */
const withoutAccents = (capitals: string): string =>
  capitals.normalize("NFD").replace(/\p{M}/gu, "").replace(/[ĐÐ]/gu, "D");

/** A name as the registry wants it written (reg 2.2). Takes any normal form; XML metacharacters are data. */
export const writeName = (name: string, form: NameForm): string => {
  const capitals = name.replace(NOT_IN_XML, "").normalize("NFC").trim().replace(/\s+/gu, " ").toUpperCase();
  if (form === "accented") return capitals;
  const plain = withoutAccents(capitals);
  return form === "plain" ? plain : plain.replace(/[^\p{L}\p{N}]/gu, "");
};
