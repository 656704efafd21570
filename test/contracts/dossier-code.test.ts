import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkDossierCode,
  dossierCodeShape,
  dossierCodeWarnings,
  type IdentifierCheck,
  splitDossierCode,
} from "../../contracts/identifiers.ts";

const NOW = new Date("2026-11-20T09:00:00+07:00");
const OK = { ok: true, warnings: [] };
const refused = (code: string) => ({ ok: false, code });
const warningCodes = (check: IdentifierCheck) => (check.ok ? check.warnings.map(({ code }) => code) : [check.code]);

describe("dossier code", () => {
  test.each([
    ["000.00.14.H20-200703-0002", { agency: "000.00.14.H20", date: "2020-07-03", number: "0002" }],
    ["H15.50.05.13-261008-0975", { agency: "H15.50.05.13", date: "2026-10-08", number: "0975" }],
    ["G09.20-20260609-0092637", { agency: "G09.20", date: "2026-06-09", number: "0092637" }],
    ["H21.227-261120-12345", { agency: "H21.227", date: "2026-11-20", number: "12345" }],
    ["K57-240229-0001", { agency: "K57", date: "2024-02-29", number: "0001" }],
  ])("%s is taken and taken apart", (code, parts) => {
    expect(checkDossierCode(code, { now: NOW })).toEqual(OK);
    expect(splitDossierCode(code)).toEqual(parts);
  });

  test.each([
    "",
    "H99.12-261120-007",
    "H99.12-261120-00000007",
    "H99.12-2611200-0007",
    "H99.1-261120-0007",
    "H99.1234-261120-0007",
    "A99.12-261120-0007",
    "h99.12-261120-0007",
    "00.00.14.H20-200703-0002",
    "000.00.14.H20.01-200703-0002",
    "H99.12_261120_0007",
    "H99.12-261120-0007 ",
    "H99.12-261120-0007\n",
    "xH99.12-261120-0007",
  ])("%j breaks the pattern and is refused", (code) => {
    expect(checkDossierCode(code, { now: NOW })).toEqual(refused("invalid_dossier_code"));
    expect(splitDossierCode(code)).toBeNull();
  });

  test("the rule is the documented pattern, no more and no less", () => {
    const documented = /^(\d{3}(\.\d{2}){2}\.[GHK]\d{2}|[GHK]\d{2}(\.\d{2,3})*)-(\d{6}|\d{8})-\d{4,7}$/;
    const near = fc.stringMatching(/^(000\.0[01]\.[01]{2,3}\.[AGHK]99|[AGHK]99?(\.\d{1,4}){0,3})-\d{5,9}-\d{3,8}$/);
    fc.assert(
      fc.property(near, (code) => {
        expect(checkDossierCode(code, { now: NOW }).ok).toBe(documented.test(code));
      }),
      { numRuns: 2000 },
    );
  });

  test("an added pattern adds shapes, fits from end to end, and does not weaken the rule for the rest", () => {
    const extraPattern = /BTP-\d{4}|HS\d+/gm;
    for (let again = 0; again < 3; again += 1) {
      expect(checkDossierCode("BTP-0001", { extraPattern, now: NOW })).toEqual(OK);
      expect(checkDossierCode("HS12", { extraPattern, now: NOW })).toEqual(OK);
    }
    for (const code of [
      "xBTP-0001",
      "BTP-00011",
      "HS12x",
      "HS12\nHS13",
      "HS12\u2028HS13",
      "BTP-0001\n",
      "H99.12-261120-007",
    ]) {
      expect(checkDossierCode(code, { extraPattern, now: NOW }), code).toEqual(refused("invalid_dossier_code"));
    }
    expect(checkDossierCode("H99.12-261120-0007", { extraPattern, now: NOW })).toEqual(OK);
    expect(checkDossierCode("HS12", { now: NOW })).toEqual(refused("invalid_dossier_code"));
  });

  test("whatever a pattern allows, empty, over-long and control characters are refused", () => {
    const extraPattern = /[\s\S]*/;
    expect(checkDossierCode("x".repeat(100), { extraPattern, now: NOW }).ok).toBe(true);
    for (const code of ["", "x".repeat(101), "a\u0000b", "a\nb"])
      expect(checkDossierCode(code, { extraPattern, now: NOW }).ok).toBe(false);
  });

  test("a very long code of the documented pattern is refused quickly", () => {
    expect(checkDossierCode(`H99${".12".repeat(200_000)}-261120-0007`, { now: NOW })).toEqual(
      refused("invalid_dossier_code"),
    );
  });

  test.each([
    ["H99.12-260231-0007", "implausible_date"],
    ["H99.12-261320-0007", "implausible_date"],
    ["H99.12-250229-0007", "implausible_date"],
    ["H99.12-20261100-0007", "implausible_date"],
    ["H99.12-19991231-0007", "implausible_date"],
    ["H99.12-261121-0007", "date_in_future"],
    ["H99.12-20991120-0007", "date_in_future"],
  ])("the date inside %s is taken with the warning %s", (code, warning) => {
    expect(warningCodes(checkDossierCode(code, { now: NOW }))).toEqual([warning]);
  });

  test("an impossible date has no date part", () => {
    expect(splitDossierCode("H99.12-260231-0007")).toEqual({ agency: "H99.12", date: null, number: "0007" });
  });

  test("tomorrow begins at midnight in Vietnam", () => {
    const code = "H99.12-261121-0001";
    expect(warningCodes(checkDossierCode(code, { now: new Date("2026-11-20T16:59:59Z") }))).toEqual(["date_in_future"]);
    expect(checkDossierCode(code, { now: new Date("2026-11-20T17:00:00Z") })).toEqual(OK);
  });

  const inContext = (code: string, provinceCode: string, agency?: string) =>
    dossierCodeWarnings(code, { provinceCode, agency, now: NOW }).map((warning) => warning.code);

  test("a code of the province and its agency has no warning, in either form", () => {
    expect(inContext("H99.12-261120-0007", "H99", "H99.12")).toEqual([]);
    expect(inContext("H99.12-261120-0007", "000.00.00.H99", "000.00.12.H99")).toEqual([]);
    expect(inContext("000.00.12.H99-261120-0007", "H99", "H99.12")).toEqual([]);
    expect(inContext("H99.12-261120-0007", "H99")).toEqual([]);
  });

  test("a unit above or below the code's agency is not another agency, a neighbour is", () => {
    expect(inContext("H99.12-261120-0007", "H99", "H99.12.03")).toEqual([]);
    expect(inContext("H99.12-261120-0007", "H99", "H99")).toEqual([]);
    expect(inContext("H99.12-261120-0007", "H99", "H99.13")).toEqual(["foreign_agency"]);
    expect(inContext("H99.12-261120-0007", "H99", "H99.1")).toEqual(["foreign_agency"]);
  });

  test("another province's code is one warning beside that of the date", () => {
    expect(inContext("H98.12-261120-0007", "H99", "H99.12")).toEqual(["foreign_province"]);
    expect(inContext("H98.12-261121-0007", "H99", "H98.12")).toEqual(["date_in_future", "foreign_province"]);
    expect(inContext("G09.20-20260231-0092637", "H99")).toEqual(["implausible_date", "foreign_province"]);
  });

  test("a code of an added shape has nothing to judge", () => {
    expect(inContext("BTP-0001", "H99", "H99.12")).toEqual([]);
  });

  test("the schema takes the documented pattern, and more only with an added one", () => {
    expect(dossierCodeShape().parse("H99.12-261121-0007")).toBe("H99.12-261121-0007");
    expect(dossierCodeShape().safeParse("HS12").error?.issues).toMatchObject([
      { params: { code: "invalid_dossier_code" } },
    ]);
    expect(dossierCodeShape(/HS\d+/).parse("HS12")).toBe("HS12");
  });
});
