import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  checkEnterpriseCode,
  checkOldId,
  checkPersonalId,
  type IdentifierCheck,
  identityValue,
  identityWarnings,
} from "../../contracts/identifiers.ts";

const NOW = new Date("2026-11-20T09:00:00+07:00");
const OK = { ok: true, warnings: [] };
const refused = (code: string) => ({ ok: false, code });
const warningCodes = (check: IdentifierCheck) => (check.ok ? check.warnings.map(({ code }) => code) : [check.code]);
const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

describe("personal id", () => {
  test("a number with a published prefix and a past birth year passes without a warning", () => {
    expect(checkPersonalId("001205000001", NOW)).toEqual(OK);
    expect(checkPersonalId("096199999999", NOW)).toEqual(OK);
  });

  test.each(["", "09920500000", "0992050000011", "09920500000a", " 099205000001", "099205000001\n", "０99205000001"])(
    "%j is not 12 digits and is refused",
    (value) => expect(checkPersonalId(value, NOW)).toEqual(refused("invalid_personal_id")),
  );

  test("twelve equal digits are refused, whichever digit", () => {
    for (const digit of "0123456789") {
      expect(checkPersonalId(digit.repeat(12), NOW)).toEqual(refused("invalid_personal_id"));
    }
  });

  test.each(["003", "005", "007", "097", "099", "100"])(
    "the unpublished prefix %s is a warning, not a refusal",
    (prefix) => {
      expect(warningCodes(checkPersonalId(`${prefix}205000001`, NOW))).toEqual(["unknown_province_prefix"]);
    },
  );

  test("the century digit decides the birth year: this year passes, next year warns", () => {
    expect(checkPersonalId("001226000001", NOW)).toEqual(OK);
    expect(checkPersonalId("001326000001", NOW)).toEqual(OK);
    expect(warningCodes(checkPersonalId("001227000001", NOW))).toEqual(["birth_year_in_future"]);
    expect(checkPersonalId("001127000001", NOW)).toEqual(OK);
    expect(warningCodes(checkPersonalId("001400000001", NOW))).toEqual(["birth_year_in_future"]);
    expect(warningCodes(checkPersonalId("099927000001", NOW))).toEqual([
      "unknown_province_prefix",
      "birth_year_in_future",
    ]);
  });

  test("the year turns at midnight in Vietnam, not in Greenwich", () => {
    expect(warningCodes(checkPersonalId("001227000001", new Date("2026-12-31T16:59:59Z")))).toEqual([
      "birth_year_in_future",
    ]);
    expect(checkPersonalId("001227000001", new Date("2026-12-31T17:00:00Z"))).toEqual(OK);
  });

  test("a warning carries its sentence in both languages", () => {
    const check = checkPersonalId("099205000001", NOW);
    expect(check).toMatchObject({
      warnings: [{ message: { vi: expect.stringMatching(/số định danh/u), en: expect.any(String) } }],
    });
  });
});

describe("old identity number", () => {
  test("nine digits pass, all equal included, because no checksum is documented", () => {
    expect(checkOldId("123456789")).toEqual(OK);
    expect(checkOldId("000000000")).toEqual(OK);
  });

  test.each(["", "12345678", "1234567890", "099205000001", "12345678x", "123456789\n"])("%j is refused", (value) => {
    expect(checkOldId(value)).toEqual(refused("invalid_old_id"));
  });
});

describe("enterprise code", () => {
  const REAL = ["0100109106", "0101248141", "0300588569", "0100686174", "0101243150"];
  const INVENTED = ["9900000016", "9900000023", "9900000030", "9900000048", "9900000055"];

  test.each([...REAL, ...INVENTED])("%s has the right check digit", (code) => {
    expect(checkEnterpriseCode(code, NOW)).toEqual(OK);
  });

  test.each(["0312345678", "0100233480", "0100000009"])("%s has a wrong check digit", (code) => {
    expect(checkEnterpriseCode(code, NOW)).toEqual(refused("wrong_check_digit"));
  });

  test("nine digits with remainder 0 have no valid code at all, and 10 is not folded into 0", () => {
    for (const digit of "0123456789") {
      expect(checkEnterpriseCode(`990000007${digit}`, NOW)).toEqual(refused("wrong_check_digit"));
    }
  });

  test("a sequence of zeros is no enterprise even with a fitting check digit", () => {
    expect(checkEnterpriseCode("0100000003", NOW)).toEqual(refused("invalid_enterprise_code"));
  });

  test("a unit's suffix 001 to 999 passes with and without hyphen, 000 does not", () => {
    for (const suffix of ["-001", "-999", "001", "999"])
      expect(checkEnterpriseCode(`9900000016${suffix}`, NOW)).toEqual(OK);
    for (const suffix of ["-000", "000", "-01", "-0001", "-", " 001", "--001"]) {
      expect(checkEnterpriseCode(`9900000016${suffix}`, NOW)).toEqual(refused("invalid_enterprise_code"));
    }
  });

  test("a unit's first ten digits must fit their check digit too", () => {
    expect(checkEnterpriseCode("9900000017-001", NOW)).toEqual(refused("wrong_check_digit"));
    expect(checkEnterpriseCode("9900000017001", NOW)).toEqual(refused("wrong_check_digit"));
  });

  test("the personal id that replaced tax codes passes with the personal id's warnings", () => {
    expect(checkEnterpriseCode("001205000001", NOW)).toEqual(OK);
    expect(warningCodes(checkEnterpriseCode("099205000001", NOW))).toEqual(["unknown_province_prefix"]);
    expect(checkEnterpriseCode("000000000000", NOW)).toEqual(refused("invalid_enterprise_code"));
  });

  test.each(["", "00001", "990000001", "99000000160", "99000000160012", "41A8012345", "9900000016\n"])(
    "%j has no known shape",
    (value) => expect(checkEnterpriseCode(value, NOW)).toEqual(refused("invalid_enterprise_code")),
  );

  test("nine digits have exactly the tenth that the published formula gives, or none", () => {
    const nine = digits(9).filter((value) => value.slice(2) !== "0000000");
    fc.assert(
      fc.property(nine, (prefix) => {
        const [a, b, c, d, e, f, g, h, i] = [...prefix].map(Number) as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        const remainder = (31 * a + 29 * b + 23 * c + 19 * d + 17 * e + 13 * f + 7 * g + 5 * h + 3 * i) % 11;
        const accepted = [..."0123456789"].filter((tenth) => checkEnterpriseCode(prefix + tenth, NOW).ok);
        expect(accepted).toEqual(remainder === 0 ? [] : [String(10 - remainder)]);
      }),
    );
  });

  test("one mistyped digit is always noticed", () => {
    const mistake = fc.record({
      code: fc.constantFrom(...REAL, ...INVENTED),
      at: fc.nat(9),
      shift: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(mistake, ({ code, at, shift }) => {
        const wrong = (Number(code.charAt(at)) + shift) % 10;
        expect(checkEnterpriseCode(code.slice(0, at) + wrong + code.slice(at + 1), NOW).ok).toBe(false);
      }),
    );
  });
});

describe("identities of a request", () => {
  const schema = z.object({
    identities: z.array(z.object({ kind: z.string(), value: z.string() }).superRefine(identityValue)),
  });
  const issues = (kind: string, value: string) =>
    schema
      .safeParse({ identities: [{ kind, value }] })
      .error?.issues.map((issue) => [issue.path.join("."), "params" in issue ? issue.params?.["code"] : undefined]);

  test("a malformed value is refused at its own path with the code of its kind", () => {
    expect(issues("personal-id", "123")).toEqual([["identities.0.value", "invalid_personal_id"]]);
    expect(issues("old-id", "099205000001")).toEqual([["identities.0.value", "invalid_old_id"]]);
    expect(issues("enterprise-code", "123")).toEqual([["identities.0.value", "invalid_enterprise_code"]]);
    expect(issues("enterprise-code", "0312345678")).toEqual([["identities.0.value", "wrong_check_digit"]]);
  });

  test("well-formed values and passports pass, implausible ones too", () => {
    expect(issues("personal-id", "099927000001")).toBeUndefined();
    expect(issues("old-id", "123456789")).toBeUndefined();
    expect(issues("enterprise-code", "9900000016-001")).toBeUndefined();
    expect(issues("passport", "C1234567")).toBeUndefined();
  });

  test("warnings follow the kind, and a malformed value has none", () => {
    const codes = (kind: string, value: string) => identityWarnings({ kind, value }, NOW).map(({ code }) => code);
    expect(codes("personal-id", "099927000001")).toEqual(["unknown_province_prefix", "birth_year_in_future"]);
    expect(codes("enterprise-code", "099205000001")).toEqual(["unknown_province_prefix"]);
    expect(codes("passport", "099927000001")).toEqual([]);
    expect(codes("personal-id", "123")).toEqual([]);
  });
});
