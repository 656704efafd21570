import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/security/canonical-json.ts";

test("members are sorted by their UTF-16 code units, at every depth", () => {
  const value = { b: [{ z: 1, a: 2 }], "\u{1f600}": 1, "\uff01": 2, a: null, Z: true, "10": 0, "9": 0 };
  expect(canonicalJson(value)).toBe('{"10":0,"9":0,"Z":true,"a":null,"b":[{"a":2,"z":1}],"\u{1f600}":1,"\uff01":2}');
});

test("a member that is undefined is left out wherever it stands; nothing else is", () => {
  expect(canonicalJson({ a: undefined, b: "", c: undefined, d: 0, e: undefined })).toBe('{"b":"","d":0}');
  expect(canonicalJson({ a: undefined })).toBe("{}");
});

test("a member named as something of every object is a member like others", () => {
  const sent: unknown = JSON.parse('{"toString":1,"__proto__":{"b":1},"constructor":2}');
  expect(canonicalJson(sent)).toBe('{"__proto__":{"b":1},"constructor":2,"toString":1}');
});

test("whatever JSON says comes back from its canonical text, and the order it was written in does not matter", () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, reversed(member)]),
    );
  };
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(canonical);
    }),
    { seed: 20261120 },
  );
});

test.each([
  ["a number that JSON cannot say", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["nothing", undefined],
  ["nothing in a list", [undefined]],
  ["a date", new Date(0)],
  ["a map", { inner: new Map() }],
  ["a big number", 1n],
  ["a function", { run: () => 0 }],
])("%s is refused", (_, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});
