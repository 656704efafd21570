import type { Message } from "../../contracts/adapter.ts";

const HIDDEN = "•••";

/** Every string below a value whose key says that it names someone or tells of someone. */
const PERSONAL_KEYS: ReadonlySet<string> = new Set(["name", "email", "phone", "fax", "value", "receiptNumber"]);

/** Shorter words occur by chance in any sentence. */
const SHORTEST = 3;

const collect = (value: unknown, key: string, found: Set<string>): void => {
  if (typeof value === "string") {
    if (PERSONAL_KEYS.has(key) && value.length >= SHORTEST) found.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, key, found);
  } else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) collect(inner, name, found);
  }
};

/** The people of a message, their numbers and addresses: what a platform's answer may repeat and nobody should read there. */
export const personalWords = (message: Message): readonly string[] => {
  const found = new Set<string>();
  if (message.operation === "dossier.put") {
    const { applicant, submitter } = message.dossier;
    collect({ applicant, submitter, receiptNumber: message.dossier.receiptNumber }, "", found);
  }
  if (message.operation === "dossier.step") collect({ officer: message.event.officer }, "", found);
  if (message.operation === "question.answer") collect({ officer: message.answer.officer }, "", found);
  return [...found].sort((a, b) => b.length - a.length);
};

/** Hides these words wherever they stand, whatever their case and Unicode form. */
export const hideWords = (text: string, words: readonly string[]): string =>
  words.reduce((shown, word) => {
    const escaped = word.normalize("NFC").replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
    return shown.replaceAll(new RegExp(escaped, "giu"), HIDDEN);
  }, text.normalize("NFC"));
