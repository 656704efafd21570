import { expect, test } from "vitest";
import { isWireDate } from "../../mocks/national-portal/checks.ts";

test.each(["20240229000000", "20000229235959", "20261231000000"])("the calendar has %s", (date) => {
  expect(isWireDate(date)).toBe(true);
});

test.each(["20230229000000", "21000229000000", "20260431000000", "20261300000000", "20260100000000", "00000101000000"])(
  "the calendar does not have %s",
  (date) => {
    expect(isWireDate(date)).toBe(false);
  },
);
