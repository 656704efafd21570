import { createHmac } from "node:crypto";
import type { LedgerKey, LedgerKeys } from "./ledger-keys.ts";
import { nameWords } from "./name-words.ts";

/** 96 bits in base64url. At a hundred million tokens two of them meet by chance with a probability of about 10^-13. */
const TOKEN_CHARACTERS = 16;

/** What of a dossier can be searched without being stored in clear (api section 3, `q`). */
export interface SearchCard {
  readonly applicantName: string;
  readonly identityValues: readonly string[];
  readonly receiptNumber?: string | undefined;
}

/** A search text as tokens. Each list holds one alternative per ledger key, because old rows keep old tokens. */
export interface QueryTokens {
  /** One list per word of the text: a dossier matches if it has at least one token of every list. Empty: no words, no match. */
  readonly words: readonly (readonly string[])[];
  /** The text as one identity value or one receipt number: a dossier matches if it has at least one of these. */
  readonly whole: readonly string[];
}

/**
 * Keyed hashes that let the ledger find a person's dossiers without keeping names and numbers in clear.
 * Without the key they cannot be guessed back; with the table alone one still sees which dossiers share a word.
 */
export interface SearchHashes {
  /** The tokens to store with a dossier, each once, under the newest key. */
  tokensOf(card: SearchCard): readonly string[];
  /** The tokens that a search text asks for, under every key. */
  queryTokens(text: string): QueryTokens;
}

// The kind goes into the hash, so that a word can never match a receipt number of the same letters.
type TokenKind = "identity" | "receipt" | "word";

const token = (key: LedgerKey, kind: TokenKind, value: string): string =>
  createHmac("sha256", key.searchHash).update(`${kind}\0${value}`).digest("base64url").slice(0, TOKEN_CHARACTERS);

/** Identity numbers are typed with and without spaces, dots and the hyphen of a branch; passports in either case. */
const foldIdentity = (value: string): string =>
  value
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s.-]+/gu, "");

/** In a receipt number punctuation can distinguish: only case and spaces are folded. */
const foldReceipt = (value: string): string => value.normalize("NFKC").toUpperCase().replace(/\s+/gu, "");

/** Search hashes over the ledger's keys: HMAC-SHA-256, cut to 96 bits, one domain per kind of value. */
export const createSearchHashes = (keys: LedgerKeys): SearchHashes => {
  const alternatives = (kind: TokenKind, value: string): readonly string[] =>
    value === "" ? [] : keys.all.map((key) => token(key, kind, value));

  const tokensOf = ({ applicantName, identityValues, receiptNumber }: SearchCard): readonly string[] => {
    const tokens = new Set(nameWords(applicantName).map((word) => token(keys.newest, "word", word)));
    for (const value of identityValues.map(foldIdentity)) {
      if (value !== "") tokens.add(token(keys.newest, "identity", value));
    }
    const receipt = foldReceipt(receiptNumber ?? "");
    if (receipt !== "") tokens.add(token(keys.newest, "receipt", receipt));
    return [...tokens];
  };

  const queryTokens = (text: string): QueryTokens => ({
    words: nameWords(text).map((word) => alternatives("word", word)),
    whole: [...alternatives("identity", foldIdentity(text)), ...alternatives("receipt", foldReceipt(text))],
  });

  return { tokensOf, queryTokens };
};
