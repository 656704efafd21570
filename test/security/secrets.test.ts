import { spawnSync } from "node:child_process";
import { scryptSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSecretVerifier, hashSecret, isSecretHash, verifySecret } from "../../src/security/secrets.ts";

const SECRET = "một-bí-mật đủ dài";
/** The least cost that is accepted, so that tests take no seconds. */
const CHEAP = { N: 1024, r: 1, p: 1 };

/** A well-formed hash of that cost; it is the hash of nothing. */
const formOf = (N: number | string, r: number | string, p: number | string): string =>
  `scrypt$${N}$${r}$${p}$${"A".repeat(22)}$${"A".repeat(43)}`;

test("a hashed secret is recognised and any other is not", async () => {
  const secretHash = await hashSecret(SECRET, CHEAP);
  expect(await verifySecret(SECRET, { secretHash })).toBe(true);
  expect(await verifySecret(`${SECRET} `, { secretHash })).toBe(false);
  expect(await verifySecret("", { secretHash })).toBe(false);
});

test("the stored form is scrypt with salt and hash in base64url, as RFC 7914 computes it", async () => {
  const stored = await hashSecret("secret", CHEAP);
  const [name, N, r, p, salt, hash] = stored.split("$");
  expect([name, N, r, p]).toEqual(["scrypt", "1024", "1", "1"]);
  const expected = scryptSync("secret", Buffer.from(salt ?? "", "base64url"), 32, CHEAP);
  expect(hash).toBe(expected.toString("base64url"));
});

test("hashing twice gives two salts", async () => {
  expect(await hashSecret(SECRET, CHEAP)).not.toBe(await hashSecret(SECRET, CHEAP));
});

test("a secret typed with decomposed accents is the same secret", async () => {
  const stored = { secretHash: await hashSecret(SECRET.normalize("NFC"), CHEAP) };
  expect(await verifySecret(SECRET.normalize("NFD"), stored)).toBe(true);
  expect(await verifySecret(SECRET.normalize("NFD"), { secret: SECRET })).toBe(true);
});

test("a plain secret is recognised and any other is not", async () => {
  expect(await verifySecret(SECRET, { secret: SECRET })).toBe(true);
  expect(await verifySecret(SECRET.toUpperCase(), { secret: SECRET })).toBe(false);
  expect(await verifySecret("", { secret: SECRET })).toBe(false);
});

test("with both forms given the hash decides", async () => {
  const stored = { secret: "plain", secretHash: await hashSecret("hashed", CHEAP) };
  expect(await verifySecret("hashed", stored)).toBe(true);
  expect(await verifySecret("plain", stored)).toBe(false);
});

describe("someone who does not exist", () => {
  test.each([
    ["an unknown client", undefined],
    ["a client without a secret", {}],
    ["a client with an unreadable hash", { secretHash: "x" }],
  ])("%s is refused after as much work as a known one", async (_who, stored) => {
    const cpuOf = async (call: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      await call();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const known = { secretHash: await hashSecret(SECRET) };
    const knownCpu = await cpuOf(() => verifySecret("wrong", known));
    const strangerCpu = await cpuOf(async () => expect(await verifySecret("wrong", stored)).toBe(false));
    expect(strangerCpu).toBeGreaterThan(knownCpu / 4); // without the work it would be a hundredth
  });
});

describe("a stored hash is usable", () => {
  test.each([
    ["default cost", formOf(16384, 8, 5), true],
    ["64 MiB", formOf(65536, 8, 1), true],
    ["too little work", formOf(512, 8, 1), false],
    ["N not a power of two", formOf(16385, 8, 1), false],
    ["too much memory", formOf(131072, 8, 1), false],
    ["too much time", formOf(65536, 8, 99), false],
    ["r of nothing", formOf(16384, 0, 1), false],
    ["p of nothing", formOf(16384, 8, 0), false],
    ["an endless N", formOf("9".repeat(30), 8, 1), false],
    ["a negative N", formOf("-16384", 8, 1), false],
    ["another algorithm", formOf(16384, 8, 5).replace("scrypt", "bcrypt"), false],
    ["a short hash", formOf(16384, 8, 5).slice(0, -1), false],
    ["nothing", "", false],
  ])("%s: %s %s", (_name, stored, usable) => {
    expect(isSecretHash(stored)).toBe(usable);
  });
});

describe("a verifier that remembers", () => {
  const cpuTimes = async (count: number, call: () => Promise<boolean>): Promise<number> => {
    const before = process.cpuUsage().user;
    for (let round = 0; round < count; round += 1) await call();
    return process.cpuUsage().user - before;
  };

  test("does the work of a success once, and goes on refusing what is wrong", async () => {
    const stored = { secretHash: await hashSecret(SECRET) };
    const verify = createSecretVerifier();
    const first = await cpuTimes(1, () => verify(SECRET, stored));
    const next20 = await cpuTimes(20, () => verify(SECRET, stored));
    expect(next20).toBeLessThan(first);
    expect(await verify(SECRET, stored)).toBe(true);
    expect(await verify("wrong", stored)).toBe(false);
    expect(await verify("wrong", stored)).toBe(false);
  });

  test("does not take a secret for that of someone else, nor after it was changed", async () => {
    const verify = createSecretVerifier();
    expect(await verify(SECRET, { secretHash: await hashSecret(SECRET, CHEAP) })).toBe(true);
    expect(await verify(SECRET, { secretHash: await hashSecret("another", CHEAP) })).toBe(false);
    expect(await verify(SECRET, undefined)).toBe(false);
  });

  test("forgets the oldest beyond its bound and still answers rightly", async () => {
    const verify = createSecretVerifier(2);
    const secrets = ["one", "two", "three"];
    const stored = await Promise.all(secrets.map(async (secret) => ({ secretHash: await hashSecret(secret, CHEAP) })));
    for (const round of [0, 1, 2, 0, 1, 2]) expect(await verify(secrets[round] ?? "", stored[round])).toBe(true);
  });
});

describe("npm run secret:hash", () => {
  const run = (input: string) =>
    spawnSync(process.execPath, ["src/security/hash-secret-command.ts"], { input, encoding: "utf8" });

  test("reads the secret from standard input and prints a hash that verifies", async () => {
    const { stdout, status } = run("correct horse battery\n");
    expect(status).toBe(0);
    expect(await verifySecret("correct horse battery", { secretHash: stdout.trim() })).toBe(true);
    expect(stdout).not.toContain("correct");
  });

  test("refuses a secret that is too short and prints no hash", () => {
    const { stdout, stderr, status } = run("short\n");
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toContain("at least 12 characters");
    expect(run("").status).toBe(1);
  });
});
