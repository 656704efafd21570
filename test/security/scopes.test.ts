import { expect, test } from "vitest";
import { GRANTABLE_SCOPES, grantScopes, isScope, scopesCover } from "../../src/security/scopes.ts";

test("the list is that of the API description", () => {
  const described =
    "dossiers:read|write citizens:read enterprises:read payments:read|write|refund documents:read|write inbox:read " +
    "webhooks:write procedures:read|write ledger:read|operate|approve platforms:read|operate reports:read access:read " +
    "audit:read *";
  const expanded = described.split(" ").flatMap((entry) => {
    const [resource, rights] = entry.split(":");
    return rights === undefined ? [entry] : rights.split("|").map((right) => `${resource}:${right}`);
  });
  expect(GRANTABLE_SCOPES).toEqual(expanded);
});

test("without a request a client gets all its scopes", () => {
  expect(grantScopes(["ledger:read", "*"])).toEqual({ ok: true, scopes: ["ledger:read", "*"] });
  expect(grantScopes(["ledger:read"], "")).toEqual({ ok: true, scopes: ["ledger:read"] });
});

test("a client gets what it asks for of what it holds, each once", () => {
  const held = ["dossiers:read", "dossiers:write", "ledger:read"] as const;
  const grant = grantScopes(held, "ledger:read  dossiers:read ledger:read");
  expect(grant).toEqual({ ok: true, scopes: ["dossiers:read", "ledger:read"] });
});

test("a client that holds everything may ask for something, or for everything", () => {
  expect(grantScopes(["*"], "ledger:approve")).toEqual({ ok: true, scopes: ["ledger:approve"] });
  expect(grantScopes(["*"], "*")).toEqual({ ok: true, scopes: ["*"] });
});

test.each(["dossiers:write", "*", "dossiers:read dossiers:write", "dossiers:*", "Dossiers:read", "toString"])(
  "asking for %j is refused whole when only dossiers:read is held",
  (requested) => {
    expect(grantScopes(["dossiers:read"], requested)).toMatchObject({
      ok: false,
      error: { error: "invalid_scope", status: 400 },
    });
  },
);

test("a scope that does not exist is refused also to a client that holds everything", () => {
  expect(grantScopes(["*"], "time:travel")).toMatchObject({ ok: false });
  expect(isScope("time:travel")).toBe(false);
});

test("a star covers every need, another scope only its own", () => {
  expect(scopesCover(["*"], "ledger:approve")).toBe(true);
  expect(scopesCover(["ledger:operate"], "ledger:operate")).toBe(true);
  expect(scopesCover(["ledger:operate"], "ledger:read")).toBe(false);
  expect(scopesCover([], "ledger:read")).toBe(false);
});
