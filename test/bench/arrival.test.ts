import { expect, test } from "vitest";
import { judgeArrival } from "./arrival.ts";

test("steps that came once each, in order within their dossiers, are all there", () => {
  expect(judgeArrival([1, 0, 2, 3, 5, 4], 6, 2)).toEqual({ lost: 0, repeated: 0, disordered: 0 });
});

test("a step that never came is lost", () => {
  expect(judgeArrival([0, 1, 3], 4, 2)).toEqual({ lost: 1, repeated: 0, disordered: 0 });
});

test("a step that came twice directly is repeated and in order", () => {
  expect(judgeArrival([0, 1, 0, 2, 2, 3], 4, 2)).toEqual({ lost: 0, repeated: 2, disordered: 0 });
});

test("a step that came after a later one of its dossier is out of order, also when it had come before", () => {
  expect(judgeArrival([2, 0, 1, 3], 4, 2).disordered).toBe(1);
  expect(judgeArrival([0, 2, 0, 1, 3], 4, 2)).toEqual({ lost: 0, repeated: 1, disordered: 1 });
});
