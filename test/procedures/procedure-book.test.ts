import { describe, expect, test } from "vitest";
import { canonicalProcedureCode, procedureCodeCandidates } from "../../contracts/identifiers/procedure-codes.ts";
import { createProcedureBook } from "../../src/procedures/procedure-book.ts";

describe("suffixes of procedure codes", () => {
  test.each([
    ["1.003560", "1.003560"],
    ["1.003560.H56", "1.003560.H56"],
    ["1.003560.000.00.00.H56", "1.003560.H56"],
    ["1.003560.000.00.15.H56", "1.003560.H56.15"],
    [" 1.003560.h56 ", "1.003560.H56"],
    ["noi-bo-1", "noi-bo-1"],
  ])("%j is %j", (code, canonical) => {
    expect(canonicalProcedureCode(code)).toBe(canonical);
  });

  test("a code is looked for as it is, then under the agencies above, then as the national one", () => {
    expect(procedureCodeCandidates("3.000181.000.00.15.H22")).toEqual(["3.000181.H22.15", "3.000181.H22", "3.000181"]);
    expect(procedureCodeCandidates("3.000181")).toEqual(["3.000181"]);
  });
});

const version = (from: number, hasNoResult: boolean) => ({ from, hasNoResult, times: [], openChannels: [] });

const book = createProcedureBook(
  [
    { code: "1.000001", platformCode: "1.000001", versions: [version(100, true), version(200, false)] },
    { code: "1.000001.H04", platformCode: "1.000001.000.00.00.H04", versions: [version(150, false)] },
  ],
  [{ code: "1.000002", policy: "do-not-sync", decision: "9" }],
);

test("the version valid at the moment counts; before the first one, the first", () => {
  expect([0, 100, 199, 200, 999].map((at) => book.find("1.000001", at).version?.from)).toEqual([
    100, 100, 100, 200, 200,
  ]);
});

test("the default policy follows the version of the moment, and an ordered one is put before it", () => {
  expect([150, 250].map((at) => book.find("1.000001.H05", at).policy)).toEqual(["exclude-by-metadata", "none"]);
  expect(book.find("1.000002.H04", 0)).toEqual({
    platformCode: "1.000002.H04",
    version: null,
    policy: "do-not-sync",
    decision: "9",
  });
});

test("the province's own publication is nearer than the national one, and goes out as the catalogue writes it", () => {
  expect(book.find("1.000001.H04.15", 500).platformCode).toBe("1.000001.000.00.00.H04");
  expect(book.find("1.000001.H99", 500).platformCode).toBe("1.000001");
});
