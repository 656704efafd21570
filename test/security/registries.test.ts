import { describe, expect, test } from "vitest";
import { parseClients } from "../../src/security/client-registry.ts";
import { OPERATOR_ROLES, type OperatorAct, parseOperators, roleAllows } from "../../src/security/operator-registry.ts";
import { hashSecret } from "../../src/security/secrets.ts";
import { generateSigningKey } from "../../src/security/signing-keys.ts";
import { accepted, faultsOf } from "./scenes.ts";

const PRODUCTION = { production: true };
const DEMONSTRATION = { production: false };

const secretHash = await hashSecret("a secret of some length", { N: 1024, r: 1, p: 1 });
const privateJwk = await generateSigningKey();
const { d: privatePart, ...jwk } = privateJwk;
const vendor = { id: "vendor-a", secretHash, scopes: ["dossiers:read"], agency: "H04" };
const operator = { id: "lan", secretHash, role: "operator" };

const clients = (records: unknown, mode = PRODUCTION) => parseClients(JSON.stringify(records), mode);
const operators = (records: unknown, mode = PRODUCTION) => parseOperators(JSON.stringify(records), mode);

describe("CLIENTS", () => {
  test("clients are found by id", () => {
    const full = { ...vendor, id: "full", jwk, returnOrigins: ["https://motcua.example.vn", "http://10.0.0.1:8080"] };
    const registry = accepted(clients([vendor, full]));
    expect(registry.find("vendor-a")).toEqual(vendor);
    expect(registry.find("full")).toEqual(full);
    expect(registry.find("toString")).toBeUndefined();
    expect(registry.all).toHaveLength(2);
  });

  test("a key alone is a credential, and so is a plain secret in a demonstration", () => {
    const { secretHash: _hash, ...bare } = vendor;
    expect(clients([{ ...bare, jwk }]).ok).toBe(true);
    expect(clients([{ ...bare, secret: "demo" }], DEMONSTRATION).ok).toBe(true);
  });

  test("a plain secret is refused in production, without being shown", () => {
    const { secretHash: _hash, ...bare } = vendor;
    const faults = faultsOf(clients([{ ...bare, secret: "hunter2-hunter2" }]));
    expect(faults).toEqual([
      "CLIENTS[0].secret: a plain secret is refused in production: give secretHash (npm run secret:hash)",
    ]);
  });

  test.each<[string, object, string]>([
    ["no credential", { secretHash: undefined }, "CLIENTS[0]: has no credential"],
    ["a hash of no known form", { secretHash: "hunter2-hunter2" }, "CLIENTS[0].secretHash: "],
    ["an id with a colon", { id: "a:b" }, "CLIENTS[0].id: "],
    ["a scope that does not exist", { scopes: ["dossiers:read", "hunter2-hunter2"] }, "CLIENTS[0].scopes[1]: "],
    ["no scope", { scopes: [] }, "CLIENTS[0].scopes: "],
    ["no agency", { agency: undefined }, "CLIENTS[0].agency: "],
    ["an agency of no known shape", { agency: "hunter2-hunter2" }, "CLIENTS[0].agency: "],
    ["a member that is not known", { secrt: "hunter2-hunter2" }, "CLIENTS[0]: "],
    ["an origin with a path", { returnOrigins: ["https://a.vn/x"] }, "CLIENTS[0].returnOrigins[0]: "],
    ["an origin that is not of the web", { returnOrigins: ["file://a"] }, "CLIENTS[0].returnOrigins[0]: "],
    ["a private key", { jwk: privateJwk }, "CLIENTS[0].jwk.d: "],
    ["a key of another curve", { jwk: { ...jwk, crv: "P-384" } }, "CLIENTS[0].jwk.crv: "],
    ["a key that is no key", { jwk: { ...jwk, x: jwk.y } }, "CLIENTS[0].jwk: "],
  ])("%s is a fault", (_name, change, start) => {
    const faults = faultsOf(clients([{ ...vendor, ...change }]));
    expect(faults).toHaveLength(1);
    expect(faults[0]?.startsWith(start)).toBe(true);
    expect(faults[0]).not.toContain("hunter2");
    expect(faults[0]).not.toContain(privatePart);
  });

  test("all faults of all clients are listed at once", () => {
    const faults = faultsOf(
      clients([
        vendor,
        { ...vendor, agency: "" },
        { id: "c", secret: "s", secretHash, scopes: ["x"], agency: "H04" },
        7,
      ]),
    );
    for (const start of [
      "CLIENTS[1].agency: ",
      "CLIENTS[1].id: repeats that of [0]",
      "CLIENTS[2].scopes[0]: ",
      "CLIENTS[2].secret: give secret or secretHash, not both",
      "CLIENTS[2].secret: a plain secret is refused",
      "CLIENTS[3]: ",
    ]) {
      expect(faults.some((fault) => fault.startsWith(start))).toBe(true);
    }
  });

  test("text that is not JSON is a fault that shows nothing of it", () => {
    for (const text of ['[{"secret":"hunter2" oops]', "hunter2-oops", '[{"secret":hunter2-oops}]']) {
      const [fault] = faultsOf(parseClients(text, DEMONSTRATION));
      expect(fault).toMatch(/^CLIENTS: not valid JSON/u);
      expect(fault).not.toMatch(/hunt|oops/u);
    }
    expect(faultsOf(clients({ id: "a" }))).toHaveLength(1);
    expect(faultsOf(clients([null, vendor]))).toHaveLength(1);
  });
});

describe("OPERATORS", () => {
  test("operators are found by id", () => {
    const registry = accepted(operators([operator, { ...operator, id: "minh", role: "approver" }]));
    expect(registry.find("minh")).toEqual({ id: "minh", secretHash, role: "approver" });
    expect(registry.find("nobody")).toBeUndefined();
  });

  test("roles, credentials, ids and plain secrets are checked, all at once", () => {
    const faults = faultsOf(
      operators([operator, { id: "lan", secret: "hunter2-hunter2", role: "king" }, { id: "x", role: "viewer" }]),
    );
    expect(faults).toHaveLength(4);
    for (const start of [
      "OPERATORS[1].role: ",
      "OPERATORS[1].secret: a plain secret is refused",
      "OPERATORS[1].id: repeats that of [0]",
      "OPERATORS[2]: has no credential",
    ]) {
      expect(faults.some((fault) => fault.startsWith(start))).toBe(true);
    }
    expect(faults.join()).not.toContain("hunter2");
  });

  test("a plain secret is taken in a demonstration", () => {
    expect(operators([{ id: "demo", secret: "demo", role: "administrator" }], DEMONSTRATION).ok).toBe(true);
  });

  test.each<[OperatorAct, readonly string[]]>([
    ["view", ["viewer", "operator", "approver", "administrator"]],
    ["operate", ["operator", "approver", "administrator"]],
    ["approve", ["approver", "administrator"]],
    ["administer", ["administrator"]],
  ])("to %s is given to %j alone", (act, roles) => {
    expect(OPERATOR_ROLES.filter((role) => roleAllows(role, act))).toEqual(roles);
  });
});
