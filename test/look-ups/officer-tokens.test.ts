import { generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { grantForm, type LookUpScene, lookupBody, openLookUpScene, signOfficer } from "./look-up-scene.ts";

let scene: LookUpScene;
beforeAll(async () => {
  scene = await openLookUpScene({ dispatch: false });
});
afterAll(() => scene.close());

interface Granted {
  readonly access_token: string;
  readonly scope: string;
  readonly error?: string;
}

const ask = (body: URLSearchParams, headers: Record<string, string> = {}) =>
  scene.send<Granted>("/oauth/token", { method: "POST", body, headers });

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as Record<string, unknown>;

test("a client's signature for an officer gives a token that carries the officer, with the scopes of the client", async () => {
  const { status, body, headers } = await ask(grantForm(await signOfficer({ agency: "000.00.15.H04" })));
  expect([status, body.scope, headers.get("cache-control")]).toEqual([200, "*", "no-store"]);
  expect(claimsOf(body.access_token)).toMatchObject({
    client_id: "province",
    sub: "CB-001",
    officer: { code: "CB-001", name: "Lê Thị Cán Bộ", agency: "H04.15" },
  });
  const narrow = await ask(grantForm(await signOfficer(), { scope: "citizens:read" }));
  expect(narrow.body.scope).toBe("citizens:read");
});

test("a client may authenticate itself besides, and must then be the one that signed", async () => {
  const basic = (id: string) => ({ authorization: `Basic ${btoa(`${id}:${id}-secret`)}` });
  expect((await ask(grantForm(await signOfficer()), basic("province"))).status).toBe(200);
  const other = await ask(grantForm(await signOfficer()), basic("industry"));
  expect([other.status, other.body.error]).toEqual([400, "invalid_grant"]);
  const wrong = await ask(grantForm(await signOfficer()), { authorization: `Basic ${btoa("province:no")}` });
  expect([wrong.status, wrong.body.error]).toEqual([401, "invalid_client"]);
  const named = await ask(grantForm(await signOfficer(), { client_id: "industry" }));
  expect([named.status, named.body.error]).toEqual([400, "invalid_grant"]);
});

test("an assertion serves once", async () => {
  const assertion = await signOfficer();
  expect((await ask(grantForm(assertion))).status).toBe(200);
  const again = await ask(grantForm(assertion));
  expect([again.status, again.body.error]).toEqual([400, "invalid_grant"]);
});

describe("an assertion is refused", () => {
  const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
  const refusals: Readonly<Record<string, () => Promise<string>>> = {
    "that has expired": () => signOfficer({ exp: seconds(-60) }),
    "that would hold longer than five minutes": () => signOfficer({ exp: seconds(600) }),
    "without an end": () => signOfficer({ exp: undefined }),
    "without an id": () => signOfficer({ jti: undefined }),
    "that was signed with another key": async () =>
      signOfficer({}, { key: (await generateKeyPair("ES256")).privateKey }),
    "of a client that does not exist": () => signOfficer({ iss: "nobody" }),
    "that is addressed to somebody else": () => signOfficer({ aud: "http://127.0.0.1:8080" }),
    "for an officer of another agency": () => signOfficer({ iss: "industry", agency: "H04.16" }),
    "for an officer of an agency above the client's": () => signOfficer({ iss: "industry", agency: "H04" }),
    "without an agency": () => signOfficer({ agency: undefined }),
    "without the officer's name": () => signOfficer({ officerName: undefined }),
    "for a code of more than 20 characters": () => signOfficer({ sub: "1".repeat(21) }),
    "for no officer": () => signOfficer({ sub: undefined }),
    "that is no assertion": async () => "a.b.c",
  };
  for (const [name, make] of Object.entries(refusals)) {
    test(name, async () => {
      const { status, body } = await ask(grantForm(await make()));
      expect([status, body.error]).toEqual([400, "invalid_grant"]);
    });
  }
  test("when it is missing", async () => {
    const { status, body } = await ask(new URLSearchParams({ grant_type: grantForm("").get("grant_type") ?? "" }));
    expect([status, body.error]).toEqual([400, "invalid_request"]);
  });
});

test("an officer of a client without the scope, and a client without an officer, look nobody up", async () => {
  const without = await scene.lookUp(lookupBody(), { officer: { iss: "reader" } });
  expect(without.status).toBe(403);
  const client = await scene.call("POST", "/v1/citizens/lookup", lookupBody());
  expect([client.status, client.body.code]).toEqual([403, "forbidden"]);
});
