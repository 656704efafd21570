import { expect, test } from "vitest";
import { hashSecret } from "../../src/security/secrets.ts";
import { runToEnd } from "./gateway-child.ts";

/** Nobody listens there: whoever connects before reading the settings fails with other words. */
const NOWHERE = "postgres://nobody@127.0.0.1:9/none";
const PLAIN = "a-plain-secret-that-nobody-may-see";

const client = (credential: object) =>
  JSON.stringify([{ id: "province", ...credential, scopes: ["*"], agency: "000.00.00.H04" }]);
const operator = (credential: object) => JSON.stringify([{ id: "lan", ...credential, role: "operator" }]);

test("production without settings names every one that is missing, at once, and ends with code 1", async () => {
  const { code, stdout, stderr } = await runToEnd("serve", {});
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  for (const name of [
    "DATABASE_URL",
    "PROVINCE_CODE",
    "AGENCY_CODE",
    "LEDGER_KEYS",
    "SIGNING_KEYS",
    "CLIENTS",
    "OPERATORS",
  ]) {
    expect(stderr, name).toContain(`${name} is missing`);
  }
  // A list for people, not the trace of a crash.
  expect(stderr).not.toMatch(/^\s+at /mu);
});

test("production refuses plain secrets, simulators and unusable keys, all at once, and prints no secret", async () => {
  const { code, stdout, stderr } = await runToEnd("serve", {
    DATABASE_URL: NOWHERE,
    PROVINCE_CODE: "H04",
    AGENCY_CODE: "000.00.00.H04",
    LEDGER_KEYS: `k1:${PLAIN}`,
    SIGNING_KEYS: `[{"kty":"EC","d":"${PLAIN}"}]`,
    CLIENTS: client({ secret: PLAIN }),
    OPERATORS: operator({ secret: PLAIN }),
    SIMULATORS: "auto",
    PORT: "many",
  });
  expect(code).toBe(1);
  for (const name of ["LEDGER_KEYS", "SIGNING_KEYS", "CLIENTS", "OPERATORS", "SIMULATORS", "PORT"]) {
    expect(stderr, name).toMatch(new RegExp(`^ +- .*${name}`, "mu"));
  }
  expect(stdout + stderr).not.toContain(PLAIN);
});

test("faults of a platform's own settings are named together with all others, before anything is started", async () => {
  const { code, stderr } = await runToEnd("serve", {
    NATIONAL_PORTAL_URL: "not an address",
    NATIONAL_PORTAL_PROFILE: "unheard-of",
  });
  expect(code).toBe(1);
  for (const name of ["DATABASE_URL", "NATIONAL_PORTAL_URL", "NATIONAL_PORTAL_PROFILE"]) expect(stderr).toContain(name);
});

test("the demonstration's clients and operators do not exist in production", async () => {
  const secretHash = await hashSecret(PLAIN);
  const { code, stderr } = await runToEnd("serve", {
    DATABASE_URL: NOWHERE,
    PROVINCE_CODE: "H04",
    AGENCY_CODE: "000.00.00.H04",
    CLIENTS: client({ secretHash }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain("OPERATORS is missing");
  expect(stderr).not.toContain("CLIENTS");
});

test("an unknown command says how to call it", async () => {
  const { code, stderr } = await runToEnd("surf", {});
  expect(code).toBe(1);
  expect(stderr).toContain("start | serve | migrate");
});
