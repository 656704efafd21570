import { calculateJwkThumbprint } from "jose";
import { expect, test } from "vitest";
import { generateSigningKey, parseSigningKeys } from "../../src/security/signing-keys.ts";
import { accepted, faultsOf } from "./scenes.ts";

const settingOf = (...keys: unknown[]): string => JSON.stringify(keys);

test("generated keys are read back, newest first", async () => {
  const [newer, older] = [await generateSigningKey(), await generateSigningKey()];
  const keys = accepted(await parseSigningKeys(settingOf(newer, older)));
  expect(keys.newest.kid).toBe(newer.kid);
  expect(keys.all.map(({ kid }) => kid)).toEqual([newer.kid, older.kid]);
});

test("the published document holds public members alone", async () => {
  const jwk = await generateSigningKey();
  const { jwks } = accepted(await parseSigningKeys(settingOf(jwk)));
  const { kty, crv, x, y, kid } = jwk;
  expect(jwks).toEqual({ keys: [{ kty, crv, x, y, kid, alg: "ES256", use: "sig" }] });
  expect(JSON.stringify(jwks)).not.toContain(jwk.d);
});

test("a key without an id is named by its thumbprint", async () => {
  const { kid: _kid, ...jwk } = await generateSigningKey();
  const keys = accepted(await parseSigningKeys(settingOf(jwk)));
  const { kty, crv, x, y } = jwk;
  expect(keys.newest.kid).toBe(await calculateJwkThumbprint({ kty, crv, x, y }));
});

test("every fault is listed and none shows the key", async () => {
  const good = await generateSigningKey();
  const other = await generateSigningKey();
  const { d: _d, ...publicOnly } = good;
  const faults = faultsOf(
    await parseSigningKeys(settingOf({ ...good, crv: "P-384" }, publicOnly, { ...good, x: `${good.d}=` }, 7)),
  );
  for (const place of ["[0].crv", "[1].d", "[2].x", "[3]"]) {
    expect(faults.some((fault) => fault.startsWith(`SIGNING_KEYS${place}: `))).toBe(true);
  }
  expect(faults.join()).not.toContain(good.d);
  expect(faultsOf(await parseSigningKeys(settingOf({ ...good, d: other.d })))).toEqual([
    "SIGNING_KEYS[0]: its private and public parts are not a pair",
  ]);
});

test("an id that comes twice is a fault", async () => {
  const [one, two] = [await generateSigningKey(), await generateSigningKey()];
  const faults = faultsOf(await parseSigningKeys(settingOf({ ...one, kid: "a" }, { ...two, kid: "a" })));
  expect(faults).toEqual(["SIGNING_KEYS[1].kid: repeats that of SIGNING_KEYS[0]"]);
});

test("a point that is not on the curve is a fault", async () => {
  const jwk = await generateSigningKey();
  const y = `${jwk.y.startsWith("A") ? "B" : "A"}${jwk.y.slice(1)}`;
  expect(faultsOf(await parseSigningKeys(settingOf({ ...jwk, y })))).toHaveLength(1);
});

test("text that is not JSON, or no key at all, is a fault that repeats nothing of it", async () => {
  const { d } = await generateSigningKey();
  const [fault] = faultsOf(await parseSigningKeys(`[{"d":"${d}",}]`));
  expect(fault).toMatch(/^SIGNING_KEYS: not valid JSON/u);
  expect(fault).not.toContain(d.slice(0, 6));
  expect(faultsOf(await parseSigningKeys("[]"))).toHaveLength(1);
  expect(faultsOf(await parseSigningKeys('{"keys":[]}'))).toHaveLength(1);
});
