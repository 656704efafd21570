import fc from "fast-check";
import { expect, test } from "vitest";
import { GatewayError } from "../../contracts/errors.ts";
import { createSealer } from "../../src/security/sealing.ts";
import { ledgerKeyEntry, ledgerKeys, thrownBy } from "./scenes.ts";

const PLAIN = '{"name":"Nguyễn Đức Ánh","personalId":"079123456789"}';

const openFault = async (open: () => unknown): Promise<string> => {
  const error = await thrownBy(open);
  if (!(error instanceof GatewayError)) throw error;
  expect(error.code).toBe("internal");
  expect(error.evidence.detail).toBeUndefined();
  const reason = error.cause instanceof Error ? error.cause.message : "";
  expect(`${error.message} ${reason}`).not.toContain("Nguyễn");
  return reason;
};

test("what was sealed opens in its context, whatever the text", () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const text = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(
    fc.property(text, text, (plain, context) => sealer.open(sealer.seal(plain, context), context) === plain),
    { seed: 20261120 },
  );
});

test("a long text opens whole", () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const plain = "Hồ sơ đề nghị cấp phép 🏗️ ".repeat(20_000);
  expect(sealer.open(sealer.seal(plain, "c"), "c")).toBe(plain);
});

test("sealing one text twice gives different bytes, and none of them shows the text", () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const sealed = Array.from({ length: 2000 }, () => Buffer.from(sealer.seal(PLAIN, "c")).toString("latin1"));
  expect(new Set(sealed.map((bytes) => bytes.slice(3, 15))).size).toBe(2000); // the nonces, across several draws
  expect(sealed.some((bytes) => bytes.includes("personalId"))).toBe(false);
});

test("a text sealed in one process opens in another with the same setting", () => {
  const entry = ledgerKeyEntry("k");
  const sealed = createSealer(ledgerKeys(entry)).seal(PLAIN, "c");
  expect(createSealer(ledgerKeys(entry)).open(sealed, "c")).toBe(PLAIN);
});

test("a view into a larger buffer opens, as a database driver gives it", () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const sealed = sealer.seal(PLAIN, "c");
  const page = new Uint8Array(sealed.length + 20);
  page.set(sealed, 10);
  expect(sealer.open(page.subarray(10, 10 + sealed.length), "c")).toBe(PLAIN);
});

test("after rotation old texts open, new ones are sealed under the new key, and the old process cannot read them", async () => {
  const old = ledgerKeyEntry("old");
  const before = createSealer(ledgerKeys(old));
  const after = createSealer(ledgerKeys(ledgerKeyEntry("new"), old));
  expect(after.open(before.seal(PLAIN, "c"), "c")).toBe(PLAIN);
  const sealed = after.seal(PLAIN, "c");
  expect(await openFault(() => before.open(sealed, "c"))).toContain(
    "made with key new, which LEDGER_KEYS does not list",
  );
});

test("an id that begins like another finds its own key", () => {
  const [a, ab] = [ledgerKeyEntry("a"), ledgerKeyEntry("ab")];
  const both = createSealer(ledgerKeys(a, ab));
  expect(both.open(createSealer(ledgerKeys(ab)).seal(PLAIN, "c"), "c")).toBe(PLAIN);
  expect(both.open(createSealer(ledgerKeys(a)).seal(PLAIN, "c"), "c")).toBe(PLAIN);
});

test("a change of any one byte is noticed", async () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const sealed = sealer.seal(PLAIN, "c");
  for (const index of sealed.keys()) {
    const changed = Uint8Array.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    await openFault(() => sealer.open(changed, "c"));
  }
});

test("a text cut short anywhere is noticed", async () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const sealed = sealer.seal(PLAIN, "c");
  for (let length = 0; length < sealed.length; length += 1) {
    await openFault(() => sealer.open(sealed.subarray(0, length), "c"));
  }
});

test("a text moved to another place does not open", async () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const sealed = sealer.seal(PLAIN, "attempt-request:1");
  expect(await openFault(() => sealer.open(sealed, "attempt-request:2"))).toContain("sealed for another place");
});

test("another key under the same id does not open", async () => {
  const sealed = createSealer(ledgerKeys(ledgerKeyEntry("k"))).seal(PLAIN, "c");
  await openFault(() => createSealer(ledgerKeys(ledgerKeyEntry("k"))).open(sealed, "c"));
});

test("bytes that were never sealed are told apart without being repeated", async () => {
  const sealer = createSealer(ledgerKeys(ledgerKeyEntry("k")));
  const reason = await openFault(() => sealer.open(Buffer.from(PLAIN), "c"));
  expect(reason).toBe("sealed text: its header cannot be read");
});
