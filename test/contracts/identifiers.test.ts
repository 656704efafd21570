import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  agencyCode,
  agencyCovers,
  checkAgencyCode,
  checkProcedureCode,
  type IdentifierCheck,
  normalizeAgencyCode,
  procedureCode,
} from "../../contracts/identifiers.ts";

const OK = { ok: true, warnings: [] };
const refused = (code: string) => ({ ok: false, code });
const warningCodes = (check: IdentifierCheck) => (check.ok ? check.warnings.map(({ code }) => code) : [check.code]);

describe("agency code", () => {
  test.each([
    "000.00.01.H22",
    "000.00.00.G22",
    "000.00.04.G18",
    "000.46.24.H44",
    "001.00.20.TT2",
    "777.77.04.D77",
    "28.22.H17",
    "00.01.H03",
    "00.53.W00",
    "000.53.W00",
    "H56",
    "H56.14",
    "G09.20",
    "H21.227",
    "H37.02.02",
    "H15.50.05.13",
    "H37.DN.001",
    "K57",
  ])("%s has a known shape", (code) => expect(checkAgencyCode(code)).toEqual(OK));

  test.each(["vxp.saas.03", "h25", "15.H25", "H2", "H25.123456"])("%s passes with a warning", (code) => {
    expect(warningCodes(checkAgencyCode(code))).toEqual(["unknown_agency_shape"]);
  });

  test.each(["", " ", "H25 ", "H25,H26", "H25\n", "H25.", ".H25", "H25..15", "H25-15", "Sở", "H25/15"])(
    "%j is refused",
    (code) => {
      expect(checkAgencyCode(code)).toEqual(refused("invalid_agency_code"));
    },
  );

  test("35 characters pass and 36 are refused", () => {
    expect(checkAgencyCode("H".repeat(35)).ok).toBe(true);
    expect(checkAgencyCode("H".repeat(36))).toEqual(refused("invalid_agency_code"));
  });

  test("the schema keeps the caller's form and names the code of a refusal", () => {
    expect(agencyCode.parse("000.00.15.H25")).toBe("000.00.15.H25");
    expect(agencyCode.safeParse("H25,H26").error?.issues).toMatchObject([{ params: { code: "invalid_agency_code" } }]);
    expect(agencyCode.safeParse("H".repeat(36)).error?.issues[0]).toMatchObject({ code: "too_big" });
  });

  test.each([
    ["000.00.00.H25", "H25"],
    ["000.00.15.H25", "H25.15"],
    ["000.01.15.H25", "H25.15.01"],
    ["000.46.24.H44", "H44.24.46"],
    ["001.46.24.H44", "H44.24.46.001"],
    ["001.00.20.TT2", "TT2.20.001"],
    ["000.00.227.H21", "H21.227"],
    ["28.22.H17", "H17.22.28"],
    ["00.01.H03", "H03.01"],
    ["00.00.H03", "H03"],
    ["15.H25", "H25.15"],
  ])("the old form %s is %s", (old, canonical) => {
    expect(normalizeAgencyCode(old)).toBe(canonical);
  });

  test.each(["H25", "H25.15", "H25.15.01", "H21.227", "H25.00.15", "H37.DN.001", "vxp.saas.03", "15.00", ""])(
    "%j is its own canonical form",
    (code) => expect(normalizeAgencyCode(code)).toBe(code),
  );

  test("an agency covers itself and what stands below it, in either form", () => {
    for (const province of ["H25", "000.00.00.H25"]) {
      for (const below of [
        "H25",
        "000.00.00.H25",
        "H25.15",
        "000.00.15.H25",
        "H25.15.01",
        "000.01.15.H25",
        "H25.227",
      ]) {
        expect(agencyCovers(province, below), `${province} covers ${below}`).toBe(true);
      }
    }
    expect(agencyCovers("H25.15", "000.01.15.H25")).toBe(true);
    expect(agencyCovers("000.00.15.H25", "H25.15.01")).toBe(true);
  });

  test("an agency covers neither what stands above it, nor its neighbours, nor a longer group that begins alike", () => {
    expect(agencyCovers("H25.15", "H25")).toBe(false);
    expect(agencyCovers("H25.15", "000.00.00.H25")).toBe(false);
    expect(agencyCovers("H25.1", "H25.15")).toBe(false);
    expect(agencyCovers("H21.22", "H21.227")).toBe(false);
    expect(agencyCovers("H25.15", "H25.16")).toBe(false);
    expect(agencyCovers("H2", "H25")).toBe(false);
    expect(agencyCovers("H25", "K25")).toBe(false);
    expect(agencyCovers("000.00.01.H25", "000.01.00.H26")).toBe(false);
    expect(agencyCovers("000.15.01.H25", "000.01.15.H25")).toBe(false);
    expect(agencyCovers("", "")).toBe(false);
    expect(agencyCovers("", "H25")).toBe(false);
  });

  const level1 = fc.stringMatching(/^[GHK]0[1-3]$/);
  const lower = fc.array(fc.stringMatching(/^0[1-3]$/), { maxLength: 2 });
  const written = fc.record({ level1, lower, old: fc.boolean() }).map(({ level1: top, lower: groups, old }) => {
    if (!old) return [top, ...groups].join(".");
    const [second = "00", third = "00"] = groups;
    return `000.${third}.${second}.${top}`;
  });

  test("both forms of one agency are equal, and bringing to canonical form twice changes nothing", () => {
    fc.assert(
      fc.property(level1, lower, (top, groups) => {
        const [second = "00", third = "00"] = groups;
        const canonical = [top, ...groups].join(".");
        expect(normalizeAgencyCode(`000.${third}.${second}.${top}`)).toBe(canonical);
        expect(normalizeAgencyCode(canonical)).toBe(canonical);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z.]{0,20}$/), (any) => {
        expect(normalizeAgencyCode(normalizeAgencyCode(any))).toBe(normalizeAgencyCode(any));
      }),
    );
  });

  test("covering is reflexive, transitive and, in both directions, equality", () => {
    fc.assert(
      fc.property(written, written, written, (a, b, c) => {
        expect(agencyCovers(a, a)).toBe(true);
        if (agencyCovers(a, b) && agencyCovers(b, c)) expect(agencyCovers(a, c)).toBe(true);
        if (agencyCovers(a, b) && agencyCovers(b, a)) expect(normalizeAgencyCode(a)).toBe(normalizeAgencyCode(b));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("procedure code", () => {
  test.each([
    "1.005129",
    "2.002492",
    "3.000181.000.00.00.H22",
    "1.003560.000.00.00.H56",
    "2.002621.H56",
    "1.000001.H99.12",
    "1.000001.000.00.12.H99",
  ])("%s is taken", (code) => {
    expect(checkProcedureCode(code)).toEqual(OK);
    expect(procedureCode.parse(code)).toBe(code);
  });

  test.each([
    "",
    "1005129",
    "1.00512",
    "1.0051290",
    "10.005129",
    "1.005129.",
    "1.005129.H5",
    "1.005129.000.00.H56",
    "1.005129 ",
    "x1.005129",
  ])("%j is refused", (code) => {
    expect(checkProcedureCode(code)).toEqual(refused("invalid_procedure_code"));
    expect(procedureCode.safeParse(code).success).toBe(false);
  });
});
