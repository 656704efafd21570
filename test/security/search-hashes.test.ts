import { describe, expect, test } from "vitest";
import { nameWords } from "../../src/security/name-words.ts";
import { createSearchHashes, type SearchCard } from "../../src/security/search-hashes.ts";
import { ledgerKeyEntry, ledgerKeys } from "./scenes.ts";

const CARD: SearchCard = {
  applicantName: "Nguyễn Thị Đức-Ánh",
  identityValues: ["079123456789", "B1234567"],
  receiptNumber: "000.15.H04-261120-0001",
};

const hashes = createSearchHashes(ledgerKeys(ledgerKeyEntry("k")));

const overlaps = (stored: readonly string[], asked: readonly string[]) => asked.some((token) => stored.includes(token));

/** Decides as the ledger's SQL does: at least one token of every word's list, or one of the whole text's. */
const finds = (text: string, card: SearchCard = CARD, asking = hashes, storing = hashes): boolean => {
  const stored = storing.tokensOf(card);
  const { words, whole } = asking.queryTokens(text);
  return overlaps(stored, whole) || (words.length > 0 && words.every((alternatives) => overlaps(stored, alternatives)));
};

describe("words of a name", () => {
  test.each([
    ["Nguyễn Đức Ánh", ["nguyen", "duc", "anh"]],
    ["NGUYEN  DUC\tANH", ["nguyen", "duc", "anh"]],
    ["Nguyễn Đức Ánh".normalize("NFD"), ["nguyen", "duc", "anh"]],
    ["Ðặng đỗ", ["dang", "do"]],
    ["Cty TNHH MTV Ánh-Dương (CN 2)", ["cty", "tnhh", "mtv", "anh", "duong", "cn", "2"]],
    ["Anh anh ánh", ["anh"]],
    ["Ａｎｈ", ["anh"]],
    ["Łukasz O'Neil", ["łukasz", "o", "neil"]],
    ["", []],
    [" ... ", []],
  ])("%j gives %j", (name, words) => {
    expect(nameWords(name)).toEqual(words);
  });

  test("at most 40 of them are kept", () => {
    const name = Array.from({ length: 60 }, (_, index) => `từ${index}`).join(" ");
    expect(nameWords(name)).toHaveLength(40);
    expect(finds(name, { applicantName: name, identityValues: [] })).toBe(true);
  });
});

describe("a search", () => {
  test.each(["Nguyễn", "duc anh", "ÁNH NGUYỄN", "nguyen thi đức ánh", "Đức-Ánh"])(
    "by the words %j finds the name",
    (text) => {
      expect(finds(text)).toBe(true);
    },
  );

  test.each(["Nguyễn Văn", "nguye", "guyen", "anhh"])(
    "by %j finds nothing: every word must be there, whole",
    (text) => {
      expect(finds(text)).toBe(false);
    },
  );

  test.each(["079123456789", " 079 123 456 789 ", "079.123.456.789", "b1234567", "B 1234567"])(
    "by the whole identity value %j finds it",
    (text) => {
      expect(finds(text)).toBe(true);
    },
  );

  test("by part of an identity value finds nothing", () => {
    expect(finds("07912345678")).toBe(false);
    expect(finds("B123456")).toBe(false);
  });

  test("by the receipt number finds it in either case, but not without its punctuation", () => {
    expect(finds("000.15.h04-261120-0001")).toBe(true);
    expect(finds("00015H042611200001")).toBe(false);
  });

  test("by nothing that can be searched for finds nothing", () => {
    expect(hashes.queryTokens(" - ")).toEqual({ words: [], whole: expect.any(Array) });
    expect(finds(" - ")).toBe(false);
    expect(finds("")).toBe(false);
  });

  test("a word does not match an identity value or a receipt number of the same letters", () => {
    const named = hashes.tokensOf({ applicantName: "b1234567", identityValues: [] });
    expect(overlaps(named, hashes.queryTokens("B1234567").whole)).toBe(false);
    const numbered = hashes.tokensOf({ applicantName: "x", identityValues: ["ANH"], receiptNumber: "ANH" });
    expect(overlaps(numbered, hashes.queryTokens("anh").words.flat())).toBe(false);
    expect(new Set(numbered).size).toBe(3);
  });
});

test("tokens have 96 bits, come once each, and are the same in every process", () => {
  const tokens = hashes.tokensOf({ ...CARD, identityValues: ["079123456789", "079 123 456 789"] });
  expect(tokens).toHaveLength(6); // four words, one identity value, one receipt number
  for (const token of tokens) expect(token).toMatch(/^[\w-]{16}$/u);
  const entry = ledgerKeyEntry("k");
  const [one, other] = [createSearchHashes(ledgerKeys(entry)), createSearchHashes(ledgerKeys(entry))];
  expect(one.tokensOf(CARD)).toEqual(other.tokensOf(CARD));
});

test("under another key the same card has no token in common", () => {
  const other = createSearchHashes(ledgerKeys(ledgerKeyEntry("k")));
  expect(overlaps(hashes.tokensOf(CARD), other.tokensOf(CARD))).toBe(false);
});

test("after rotation a search finds rows stored under the old key and rows stored under the new one", () => {
  const old = ledgerKeyEntry("old");
  const before = createSearchHashes(ledgerKeys(old));
  const after = createSearchHashes(ledgerKeys(ledgerKeyEntry("new"), old));
  for (const text of ["nguyen anh", "079123456789", "000.15.H04-261120-0001"]) {
    expect(finds(text, CARD, after, before)).toBe(true);
    expect(finds(text, CARD, after, after)).toBe(true);
    expect(finds(text, CARD, before, after)).toBe(false);
  }
  expect(after.tokensOf(CARD)).toHaveLength(7);
});
