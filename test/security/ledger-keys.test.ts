import { expect, test } from "vitest";
import { generateLedgerKey, parseLedgerKeys } from "../../src/security/ledger-keys.ts";
import { faultsOf, ledgerKeyEntry, ledgerKeys } from "./scenes.ts";

test("keys are read newest first and keep their ids", () => {
  const keys = ledgerKeys(ledgerKeyEntry("2026b"), ` ${ledgerKeyEntry("2026a")} `);
  expect(keys.newest.kid).toBe("2026b");
  expect(keys.all.map(({ kid }) => kid)).toEqual(["2026b", "2026a"]);
});

test("the same setting gives the same derived keys in every process, and a different one for each purpose", () => {
  const entry = ledgerKeyEntry("k");
  const exported = [ledgerKeys(entry), ledgerKeys(entry)].map(({ newest }) =>
    [newest.encryption, newest.searchHash, newest.fingerprint].map((key) => key.export().toString("hex")),
  );
  expect(exported[0]).toEqual(exported[1]);
  const material = Buffer.from(entry.split(":")[1] ?? "", "base64").toString("hex");
  expect(new Set([...(exported[0] ?? []), material]).size).toBe(4);
});

test("derived keys do not show when keys are written to a log", () => {
  const keys = ledgerKeys(ledgerKeyEntry("k"));
  expect(JSON.parse(JSON.stringify(keys.newest))).toEqual({
    kid: "k",
    encryption: {},
    searchHash: {},
    fingerprint: {},
  });
});

test("every faulty entry is listed by its place, and no fault repeats anything of the setting", () => {
  const swapped = `${Buffer.alloc(32, 7).toString("base64")}:kid`;
  const short = `k2:${Buffer.alloc(16, 7).toString("base64")}`;
  const faults = faultsOf(parseLedgerKeys(`${ledgerKeyEntry("k1")},${swapped},${short},nocolon,`));
  expect(faults.map((fault) => fault.slice(0, 20))).toEqual([2, 3, 4, 5].map((n) => `LEDGER_KEYS: entry ${n}`));
  const told = faults.join("\n");
  for (const secret of [...swapped.split(":").slice(0, 1), short.slice(3), "nocolon"])
    expect(told).not.toContain(secret);
});

test("an id or a key that comes twice is a fault", () => {
  const first = ledgerKeyEntry("a");
  expect(faultsOf(parseLedgerKeys(`${first},${ledgerKeyEntry("a")}`))).toEqual([
    "LEDGER_KEYS: entry 2 repeats the id of entry 1",
  ]);
  expect(faultsOf(parseLedgerKeys(`${first},b${first.slice(1)}`))).toEqual([
    "LEDGER_KEYS: entry 2 repeats the key of entry 1",
  ]);
});

test("an empty setting is a fault", () => {
  expect(faultsOf(parseLedgerKeys(""))).toHaveLength(1);
});

test("a generated key asks for 32 bytes of the randomness it is given, and an unusable id is refused", () => {
  const entry = generateLedgerKey("k", (bytes) => new Uint8Array(bytes).fill(1));
  expect(entry).toBe(`k:${Buffer.alloc(32, 1).toString("base64")}`);
  expect(() => generateLedgerKey("a:b", (bytes) => new Uint8Array(bytes))).toThrow(TypeError);
});
