import { expect, test } from "vitest";
import { agencyCodesSchema } from "../../contracts/services/agency-codes.ts";
import { createAgencyRegister } from "../../src/life-cycle/agency-codes/agency-register.ts";
import { judgePut } from "../../src/life-cycle/judge-put.ts";
import { faults } from "../contracts/faults.ts";
import { brokenBy, putOf, rulebookWith } from "./life-scene.ts";

const row = (
  code: string,
  validTo: string | null = null,
  successor: string | null = null,
  validFrom: string | null = null,
) => ({
  code,
  validFrom,
  validTo,
  successor,
});
// The merger of July 2025: one code stays, the other is closed, and one department of it got a code of its own.
const CODES = [
  row("H04"),
  row("H61", "2025-06-30", "H04"),
  row("H61.15", "2025-06-30", "H04.15"),
  row("H62", "2025-06-30"),
  row("H04.90", null, null, "2025-07-01"),
];
const register = createAgencyRegister(CODES);

test.each([
  ["H61.15", "2025-06-30", null],
  ["H61.15", "2025-07-01", { rule: "agency_code_superseded", listed: "H61.15", successor: "H04.15" }],
  ["000.00.15.H61", "2025-07-01", { rule: "agency_code_superseded", listed: "H61.15", successor: "H04.15" }],
  ["000.00.00.H61", "2025-07-01", { rule: "agency_code_superseded", listed: "H61", successor: "H04" }],
  ["H61.227", "2025-07-01", { rule: "agency_code_superseded", listed: "H61", successor: "H04" }],
  ["H62.15", "2025-07-01", { rule: "agency_code_closed", listed: "H62" }],
  ["H04.90", "2025-06-30", { rule: "agency_code_not_yet_valid", listed: "H04.90" }],
  ["H04.90", "2025-07-01", null],
  ["H04.15", "2026-01-01", null],
  ["H615", "2026-01-01", null],
  ["G22", "2026-01-01", null],
])("the code %s on %s: %j", (code, day, fault) => {
  expect(register.faultOf(code, day)).toEqual(fault);
});

test("a code succeeded twice leads to the one that holds on the day", () => {
  const chain = createAgencyRegister([row("H61", "2025-06-30", "H70"), row("H70", "2026-06-30", "H80"), row("H80")]);
  expect(chain.faultOf("H61", "2026-01-01")).toMatchObject({ successor: "H70" });
  expect(chain.faultOf("H61", "2026-07-01")).toMatchObject({ successor: "H80" });
});

test("a dossier keeps the codes of the day it was received; a later one is told the successor", () => {
  const rules = rulebookWith({ codes: CODES });
  const put = (receivedAt: string) =>
    judgePut(
      "000.00.15.H61-250610-0001",
      putOf({ receivedAt, processingUnit: { code: "H61.15", name: "Sở Công Thương" } }),
      undefined,
      rules,
    );
  expect(put("2025-06-30T16:59:59Z")).toEqual([]);
  const late = put("2025-06-30T17:00:00Z");
  expect(brokenBy(late)).toEqual(["agency_code_superseded code", "agency_code_superseded processingUnit.code"]);
  expect(late[0]?.message.en).toBe("The agency code H61.15 is closed; H04.15 took its place.");
});

test("a list with a code twice, in a circle, ended before it began or succeeded without an end is refused", () => {
  const list = (codes: readonly object[]) => faults(agencyCodesSchema, { codes });
  const named = (code: string, parts: object = {}) => ({ code, name: "Sở", ...parts });
  expect(list([named("H61.15"), named("000.00.15.H61")])).toEqual(["codes.1.code not_allowed"]);
  const ended = { validTo: "2025-06-30" };
  expect(list([named("H61", { ...ended, successor: "000.00.00.H61" })])).toEqual(["codes.0.successor not_allowed"]);
  expect(list([named("H61", { ...ended, successor: "H62" }), named("H62", { ...ended, successor: "H61" })])).toEqual([
    "codes.0.successor not_allowed",
  ]);
  expect(list([named("H61", { successor: "H62" })])).toEqual(["codes.0.validTo required"]);
  expect(list([named("H61", { validFrom: "2025-07-01", ...ended })])).toEqual(["codes.0.validTo out_of_range"]);
  expect(list([named("H 61")])).toEqual(["codes.0.code invalid_agency_code"]);
  expect(list([named("H61", { validTo: "0000-01-01" })])).toEqual(["codes.0.validTo invalid_date"]);
  expect(list([named("H61", { ...ended, successor: "H62" }), named("H62", { ...ended, successor: "H63" })])).toEqual(
    [],
  );
});

test("ten thousand codes that succeed each other in one line are checked at once", () => {
  const codes = Array.from({ length: 10_000 }, (_, n) => ({
    code: `H61.${n}`,
    name: "x",
    validTo: "2025-06-30",
    successor: `H61.${n + 1}`,
  }));
  const begun = performance.now();
  expect(agencyCodesSchema.safeParse({ codes }).success).toBe(true);
  expect(performance.now() - begun).toBeLessThan(5000);
});
