import { expect, test } from "vitest";
import { compareArrivals } from "./invariants.ts";

const delivered = (...words: string[]) => words.map((word) => ({ word, required: true }));
const dropped = (...words: string[]) => words.map((word) => ({ word, required: false }));

test("what arrived once and in order is well, also when something directly repeats", () => {
  expect(compareArrivals(delivered("a", "b", "c"), ["a", "b", "c"])).toEqual({ repeated: 0 });
  expect(compareArrivals(delivered("a", "b", "c"), ["a", "a", "b", "c", "c", "c"])).toEqual({ repeated: 3 });
});

test.for([
  ["something delivered is missing", ["a", "c"]],
  ["two came in the other order", ["b", "a", "c"]],
  ["one comes again later", ["a", "b", "a", "c"]],
  ["one comes again at the end", ["a", "b", "c", "a"]],
  ["something unknown comes", ["a", "x", "b", "c"]],
  ["nothing comes", []],
] as const)("the comparison notices when %s", ([, arrived]) => {
  expect(compareArrivals(delivered("a", "b", "c"), arrived).fault).toBeTypeOf("string");
});

test("what was cancelled or superseded may have come, in its place and nowhere else", () => {
  const expected = [...delivered("a"), ...dropped("b"), ...delivered("c")];
  expect(compareArrivals(expected, ["a", "c"])).toEqual({ repeated: 0 });
  expect(compareArrivals(expected, ["a", "b", "c"])).toEqual({ repeated: 0 });
  expect(compareArrivals(expected, ["a", "c", "b"]).fault).toContain("out of place");
});

test("a replay of what was sent last shows as that word once more, and is missed when it does not come", () => {
  const expected = [...delivered("a", "b"), ...dropped("c"), ...delivered("b")];
  expect(compareArrivals(expected, ["a", "b", "b"])).toEqual({ repeated: 0 });
  expect(compareArrivals(expected, ["a", "b", "c", "b"])).toEqual({ repeated: 0 });
  expect(compareArrivals(expected, ["a", "b"]).fault).toContain('"b" did not arrive');
});

test("one arrival is enough where the first of two with the same word was cancelled, and not where both were delivered", () => {
  expect(compareArrivals([...delivered("a"), ...dropped("b"), ...delivered("b")], ["a", "b"])).toEqual({ repeated: 0 });
  expect(compareArrivals([...delivered("a"), ...delivered("b"), ...delivered("b")], ["a", "b"]).fault).toBeTypeOf(
    "string",
  );
});
