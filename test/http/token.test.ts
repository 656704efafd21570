import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccessTokens } from "../../src/security/access-tokens.ts";
import { SCOPES } from "../../src/security/scopes.ts";
import { generateSigningKey, parseSigningKeys } from "../../src/security/signing-keys.ts";
import { CLIENTS } from "../gateway-scene.ts";
import { type ApiScene, openApiScene } from "./api-scene.ts";
import { openSecondProcess } from "./second-process.ts";

interface Granted {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
}
interface Refused {
  readonly error: string;
  readonly error_description: string;
}

const AUDIENCE = "https://gateway.example.vn/oauth/token";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

let scene: ApiScene;
let privateKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair("ES256", { extractable: true });
  privateKey = pair.privateKey;
  const signer = { id: "signer", jwk: await exportJWK(pair.publicKey), scopes: ["dossiers:read"], agency: "H04" };
  const settings = { CLIENTS: JSON.stringify([...CLIENTS, signer]), PUBLIC_URL: "https://gateway.example.vn" };
  scene = await openApiScene({ dispatch: false, settings });
});
afterAll(() => scene.close());

const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` });
const province = basic("province", "province-secret");

const ask = <Body = Granted & Refused>(
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
) =>
  scene.send<Body>("/oauth/token", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(form).toString(),
  });

const grant = { grant_type: "client_credentials" };

const assertion = (claims: JWTPayload = {}, key = privateKey) =>
  new SignJWT({ jti: crypto.randomUUID(), ...claims })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(claims.iss ?? "signer")
    .setSubject(claims.sub ?? "signer")
    .setAudience(claims.aud ?? AUDIENCE)
    .setExpirationTime(claims.exp ?? "4m")
    .sign(key);

const askSigned = async (signed: string) =>
  ask({ ...grant, client_assertion_type: ASSERTION_TYPE, client_assertion: signed });

const reads = (token: string) => scene.call("GET", "/v1/dossiers", undefined, { token });

test("a client gets a token by HTTP Basic, with all its scopes and no caching", async () => {
  const { status, headers, body } = await ask(grant, basic("reader", "reader-secret"));
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(body).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/u),
    token_type: "Bearer",
    expires_in: expect.any(Number),
    scope: "dossiers:read ledger:read",
  });
  expect(body.expires_in).toBeGreaterThan(60);
  expect((await reads(body.access_token)).status).toBe(200);
});

test("a client gets a token by id and secret in the form", async () => {
  const { status, body } = await ask({ ...grant, client_id: "reader", client_secret: "reader-secret" });
  expect(status).toBe(200);
  expect((await reads(body.access_token)).status).toBe(200);
});

test("a client gets a token by an assertion that it signed, and that assertion serves once", async () => {
  const signed = await assertion();
  const first = await askSigned(signed);
  expect([first.status, first.body.scope]).toEqual([200, "dossiers:read"]);
  expect((await reads(first.body.access_token)).status).toBe(200);
  const again = await askSigned(signed);
  expect([again.status, again.body.error]).toEqual([401, "invalid_client"]);
});

test("an assertion used at one process is refused by another", async () => {
  const second = await openSecondProcess(scene);
  const signed = await assertion();
  expect((await askSigned(signed)).status).toBe(200);
  const form = new URLSearchParams({ ...grant, client_assertion_type: ASSERTION_TYPE, client_assertion: signed });
  const answer = await scene.send<Refused>("/oauth/token", { method: "POST", body: form }, second.app);
  expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
  await second.close();
});

test("an assertion of another key, for another audience, too long-lived, expired or without id is refused", async () => {
  const stranger = await generateKeyPair("ES256");
  const now = Math.floor(Date.now() / 1000);
  const signed = [
    await assertion({}, stranger.privateKey),
    await assertion({ aud: "https://elsewhere.example.vn/oauth/token" }),
    await assertion({ exp: now + 600 }),
    await assertion({ exp: now - 120 }),
    await assertion({ jti: "" }),
    await assertion({ iss: "province", sub: "province" }),
    "not.a.jwt",
  ];
  for (const each of signed) {
    const { status, body } = await askSigned(each);
    expect([status, body.error]).toEqual([401, "invalid_client"]);
  }
});

test("a wrong secret and an unknown client are refused alike, with a challenge and without a hint", async () => {
  const wrong = await ask(grant, basic("province", "wrong"));
  const unknown = await ask(grant, basic("nobody", "wrong"));
  const none = await ask(grant);
  for (const { status, headers, body } of [wrong, unknown, none]) {
    expect([status, body.error]).toEqual([401, "invalid_client"]);
    expect(headers.get("www-authenticate")).toMatch(/^Basic realm=/u);
    expect(headers.get("cache-control")).toBe("no-store");
  }
  expect(unknown.body).toEqual(wrong.body);
});

test("every other fault is 400 in the words of RFC 6749, never a problem document", async () => {
  const cases: [string, Readonly<Record<string, string>> | string, Readonly<Record<string, string>>][] = [
    ["invalid_request", {}, province],
    ["unsupported_grant_type", { grant_type: "password" }, province],
    ["invalid_scope", { ...grant, scope: "dossiers:read everything" }, province],
    ["invalid_scope", { ...grant, scope: "dossiers:write" }, basic("reader", "reader-secret")],
    ["invalid_request", "grant_type=client_credentials&grant_type=client_credentials", province],
    ["invalid_request", { ...grant, client_id: "province", client_secret: "province-secret" }, province],
    ["invalid_request", { ...grant, client_secret: "province-secret" }, {}],
    ["invalid_request", grant, { ...province, "content-type": "application/json" }],
    ["invalid_request", { ...grant, padding: "x".repeat(100_000) }, province],
  ];
  for (const [error, form, headers] of cases) {
    const { status, body, headers: answered } = await ask(form, headers);
    expect([status, body.error]).toEqual([400, error]);
    expect(answered.get("content-type")).toMatch(/^application\/json/u);
    expect(Object.keys(body).toSorted()).toEqual(["error", "error_description"]);
  }
});

test("a token holds the scopes that were asked for and no more", async () => {
  const { body } = await ask({ ...grant, scope: "ledger:read" }, province);
  expect(body.scope).toBe("ledger:read");
  expect((await scene.call("GET", "/v1/ledger", undefined, { token: body.access_token })).status).toBe(200);
  const refused = await reads(body.access_token);
  expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
  expect(refused.headers.get("www-authenticate")).toContain('error="insufficient_scope", scope="dossiers:read"');
});

test("each route asks for its own scope and takes no other", async () => {
  const routes: [string, string, (typeof SCOPES)[number]][] = [
    ["GET", "/v1/dossiers", "dossiers:read"],
    ["GET", "/v1/dossiers/counts", "dossiers:read"],
    ["GET", "/v1/dossiers/H04.15-261120-0001", "dossiers:read"],
    ["PUT", "/v1/dossiers/H04.15-261120-0001", "dossiers:write"],
    ["POST", "/v1/dossiers/H04.15-261120-0001/events", "dossiers:write"],
    ["GET", "/v1/ledger", "ledger:read"],
    ["GET", "/v1/ledger/summary", "ledger:read"],
    ["GET", "/v1/ledger/1", "ledger:read"],
    ["POST", "/v1/ledger/1/retry", "ledger:operate"],
    ["POST", "/v1/ledger/1/cancel", "ledger:operate"],
  ];
  for (const [method, path, scope] of routes) {
    const others = SCOPES.filter((other) => other !== scope).join(" ");
    const [without, alone] = await Promise.all(
      [others, scope].map(async (scopes) => (await ask({ ...grant, scope: scopes }, province)).body.access_token),
    );
    const status = async (token = "") => (await scene.call(method, path, undefined, { token })).status;
    expect([method, path, await status(without)]).toEqual([method, path, 403]);
    expect(await status(alone)).not.toBe(403);
  }
});

test("a token issued at one process is valid at every other, and after a restart", async () => {
  const { body } = await ask(grant, province);
  const second = await openSecondProcess(scene);
  const init = { headers: { authorization: `Bearer ${body.access_token}` } };
  expect((await scene.send("/v1/dossiers", init, second.app)).status).toBe(200);
  await second.close();
});

const refusals = async (): Promise<[string, string | undefined][]> => {
  const minted = async (changes: Partial<Parameters<typeof createAccessTokens>[0]>, client = "province") => {
    const usual = { keys: scene.keys.signing, now: () => new Date(), tenant: "H04", lifetimeSeconds: 600 };
    return (await createAccessTokens({ ...usual, ...changes }).issue({ client, scopes: ["*"], agency: "H04" })).token;
  };
  const otherKeys = await parseSigningKeys(JSON.stringify([await generateSigningKey()]));
  if (!otherKeys.ok) throw new Error(otherKeys.faults.join());
  const good = (await ask(grant, province)).body.access_token;
  const [head = "", claims = "", signature = ""] = good.split(".");
  const unsigned = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url");
  return [
    ["absent", undefined],
    ["of another scheme", `Basic ${btoa("province:province-secret")}`],
    ["no token", "Bearer"],
    ["garbage", "Bearer garbage"],
    ["expired", `Bearer ${await minted({ now: () => new Date(Date.now() - 3_600_000) })}`],
    ["signed by another key", `Bearer ${await minted({ keys: otherKeys.value })}`],
    ["of another tenant", `Bearer ${await minted({ tenant: "H05" })}`],
    ["of a client that is no longer registered", `Bearer ${await minted({}, "former")}`],
    ["unsigned", `Bearer ${unsigned}.${claims}.`],
    ["altered", `Bearer ${head}.${claims.slice(0, -2)}AA.${signature}`],
    ["an assertion, not an access token", `Bearer ${await assertion()}`],
    ["endless", `Bearer ${"a".repeat(20_000)}`],
  ];
};

test("a token that is absent, expired, foreign, altered or of another kind is 401 with a challenge", async () => {
  for (const [what, authorization] of await refusals()) {
    const answer = await scene.send("/v1/dossiers", authorization === undefined ? {} : { headers: { authorization } });
    expect([what, answer.status, answer.body.code]).toEqual([what, 401, "unauthenticated"]);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm=/u);
  }
});

test("a token gives no right that its client no longer has", async () => {
  const tokens = createAccessTokens({
    keys: scene.keys.signing,
    now: () => new Date(),
    tenant: "H04",
    lifetimeSeconds: 600,
  });
  const { token } = await tokens.issue({ client: "reader", scopes: ["dossiers:write"], agency: "H04" });
  expect((await scene.call("PUT", "/v1/dossiers/H04.15-261120-0001", {}, { token })).status).toBe(403);
});

test("the keys of tokens are published without their private part", async () => {
  const { status, body } = await scene.send<{ keys: object[] }>("/.well-known/jwks.json");
  expect(status).toBe(200);
  expect(body.keys.length).toBeGreaterThan(0);
  for (const key of body.keys) expect(key).not.toHaveProperty("d");
});
