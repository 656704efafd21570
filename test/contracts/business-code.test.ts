import { expect, test } from "vitest";
import { businessCodeFault } from "../../contracts/identifiers/business-code.ts";
import { BUSINESS_KINDS } from "../../contracts/registries.ts";

test.each(["9900000016", "9900000016-001", "0101243150", "099205000001"])("%s is a code in every register", (code) => {
  for (const kind of BUSINESS_KINDS) expect(businessCodeFault(kind, code)).toBeNull();
});

test("the number of an old registration is a code of households and cooperatives alone", () => {
  expect(businessCodeFault("household", "99A8000001")).toBeNull();
  expect(businessCodeFault("cooperative", "99A8000001")).toBeNull();
  expect(businessCodeFault("enterprise", "99A8000001")).toBe("invalid_enterprise_code");
});

test.each([
  ["0312345678", "wrong_check_digit"],
  ["9900000070", "wrong_check_digit"],
  ["9900000016-000", "invalid_enterprise_code"],
  ["000000000000", "invalid_enterprise_code"],
  ["99a8000001", "invalid_enterprise_code"],
  ["99A8000001 ", "invalid_enterprise_code"],
  ["99Ạ8000001", "invalid_enterprise_code"],
  ["", "invalid_enterprise_code"],
  ["../99A8000001", "invalid_enterprise_code"],
])("%j is none anywhere", (code, fault) => {
  for (const kind of BUSINESS_KINDS) expect(businessCodeFault(kind, code)).toBe(fault);
});
