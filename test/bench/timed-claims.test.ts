import { expect, test } from "vitest";
import { meanClaim } from "./timed-claims.ts";

test("the mean of a window counts the claims that began in it and found work", () => {
  const claims = [
    { at: 0, ms: 2, entries: 10 },
    { at: 999, ms: 4, entries: 1 },
    { at: 500, ms: 100, entries: 0 },
    { at: 1000, ms: 50, entries: 10 },
  ];
  expect(meanClaim(claims, 0, 1000)).toBe(3);
  expect(meanClaim(claims, 1000, 2000)).toBe(50);
  expect(meanClaim(claims, 2000, 3000)).toBeNaN();
});
