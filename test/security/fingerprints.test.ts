import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../contracts/errors.ts";
import { canonicalJson } from "../../src/security/canonical-json.ts";
import { createFingerprints } from "../../src/security/fingerprints.ts";
import { ledgerKeyEntry, ledgerKeys, thrownBy } from "./scenes.ts";

const fingerprints = createFingerprints(ledgerKeys(ledgerKeyEntry("k")));

describe("canonical JSON", () => {
  test("sorts members at every depth and leaves out what is undefined", () => {
    const value = { b: [{ d: 1, c: "ộ" }, null, true], a: undefined, A: -0.5, é: {} };
    expect(canonicalJson(value)).toBe('{"A":-0.5,"b":[{"c":"ộ","d":1},null,true],"é":{}}');
  });

  test("means the same JSON value as what it was made from", () => {
    const same = (value: unknown): void => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    };
    fc.assert(fc.property(fc.jsonValue(), same), { seed: 20261120 });
  });

  test("tells a member named __proto__ from none", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  test.each([[undefined], [Number.NaN], [[undefined]], [1n], [new Date(0)], [new Map()]])("refuses %s", (value) => {
    expect(() => canonicalJson({ value: [value] })).toThrow(TypeError);
  });
});

test("the order of members does not matter, the order of items and every value does", () => {
  const stored = fingerprints.of({ method: "PUT", body: { a: 1, b: [1, 2] } });
  expect(fingerprints.matches(stored, { body: { b: [1, 2], a: 1 }, method: "PUT" })).toBe(true);
  expect(fingerprints.matches(stored, { body: { b: [2, 1], a: 1 }, method: "PUT" })).toBe(false);
  expect(fingerprints.matches(stored, { body: { b: [1, 2], a: "1" }, method: "PUT" })).toBe(false);
  expect(fingerprints.matches(stored, { body: { b: [1, 2], a: 1, c: null }, method: "PUT" })).toBe(false);
});

test("a fingerprint names its key and depends on it", () => {
  expect(fingerprints.of({})).toMatch(/^k\.[\w-]{43}$/u);
  expect(createFingerprints(ledgerKeys(ledgerKeyEntry("k"))).matches(fingerprints.of({}), {})).toBe(false);
});

test("a changed or shortened fingerprint does not match", () => {
  const stored = fingerprints.of({ a: 1 });
  expect(fingerprints.matches(stored.slice(0, -2), { a: 1 })).toBe(false);
  expect(fingerprints.matches(`k.${"A".repeat(43)}`, { a: 1 })).toBe(false);
  expect(fingerprints.matches("k.", { a: 1 })).toBe(false);
});

test("after rotation an old fingerprint still matches", () => {
  const old = ledgerKeyEntry("old");
  const stored = createFingerprints(ledgerKeys(old)).of({ a: 1 });
  const after = createFingerprints(ledgerKeys(ledgerKeyEntry("new"), old));
  expect(after.matches(stored, { a: 1 })).toBe(true);
  expect(after.matches(stored, { a: 2 })).toBe(false);
  expect(after.of({ a: 1 })).toMatch(/^new\./u);
});

test("a fingerprint whose key is gone is an internal error, not a difference", async () => {
  const error = await thrownBy(() => fingerprints.matches("gone.AAAA", {}));
  expect(error).toBeInstanceOf(GatewayError);
  expect(error).toMatchObject({ code: "internal" });
  expect(await thrownBy(() => fingerprints.matches("", {}))).toMatchObject({ code: "internal" });
});
