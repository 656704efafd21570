import { createHmac } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, exportJWK, exportSPKI, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../contracts/errors.ts";
import { createAccessTokens, type TokenHolder } from "../../src/security/access-tokens.ts";
import type { SigningKey, SigningKeys } from "../../src/security/signing-keys.ts";
import { signingKeys, stoppedClock, thrownBy } from "./scenes.ts";

const HOLDER: TokenHolder = { client: "vendor-a", scopes: ["dossiers:read", "dossiers:write"], agency: "H04.15" };
const LIFETIME_SECONDS = 600;

const scene = async (options: { tenant?: string; keys?: SigningKeys } = {}) => {
  const keys = options.keys ?? (await signingKeys());
  const clock = stoppedClock();
  const tenant = options.tenant ?? "H04";
  return {
    keys,
    clock,
    tokens: createAccessTokens({ keys, now: clock.now, tenant, lifetimeSeconds: LIFETIME_SECONDS }),
  };
};

type Scene = Awaited<ReturnType<typeof scene>>;

/** A token of the scene's newest key that is right but for what is changed. */
const forged = ({ keys, clock }: Scene, claims: object, header: object = {}, key: SigningKey = keys.newest) => {
  const seconds = Math.floor(clock.now().getTime() / 1000);
  const payload = {
    ...{ iss: "lien-thong-gateway", aud: "lien-thong-gateway/v1", sub: "vendor-a", client_id: "vendor-a" },
    ...{ scope: "*", agency: "H04", tenant: "H04", jti: "1", iat: seconds, exp: seconds + 60 },
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key.kid, ...header })
    .sign(key.privateKey);
};

const expectRefused = async ({ tokens }: Scene, token: string): Promise<GatewayError> => {
  const error = await thrownBy(() => tokens.verify(token));
  if (!(error instanceof GatewayError)) throw error;
  expect(error.code).toBe("unauthenticated");
  expect(error.evidence).toEqual({
    headers: { "www-authenticate": 'Bearer realm="lien-thong-gateway", error="invalid_token"' },
    cause: expect.anything(),
  });
  return error;
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

test("an issued token gives back its holder", async () => {
  const { tokens, clock } = await scene();
  const { token, expiresIn } = await tokens.issue(HOLDER);
  const claims = await tokens.verify(token);
  expect(expiresIn).toBe(LIFETIME_SECONDS);
  expect(claims).toEqual({
    ...HOLDER,
    id: expect.stringMatching(/^[\da-f-]{36}$/u),
    expiresAt: clock.now().getTime() / 1000 + LIFETIME_SECONDS,
  });
});

test("a token is an ES256 access token that does not depend on the gateway's address", async () => {
  const { tokens, keys } = await scene();
  const { token } = await tokens.issue(HOLDER);
  expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "at+jwt", kid: keys.newest.kid });
  expect(decodeJwt(token)).toMatchObject({
    ...{ iss: "lien-thong-gateway", aud: "lien-thong-gateway/v1", sub: "vendor-a", tenant: "H04" },
    scope: "dossiers:read dossiers:write",
  });
});

test("two tokens of one second have different ids", async () => {
  const { tokens } = await scene();
  const [one, two] = [await tokens.issue(HOLDER), await tokens.issue(HOLDER)];
  expect((await tokens.verify(one.token)).id).not.toBe((await tokens.verify(two.token)).id);
});

test("a token is valid in every process that has the same keys, and after a new key was put in front", async () => {
  const [newer, older] = (await signingKeys(2)).all;
  if (newer === undefined || older === undefined) throw new Error("two keys");
  const before = await scene({ keys: { newest: older, all: [older], jwks: { keys: [] } } });
  const after = await scene({ keys: { newest: newer, all: [newer, older], jwks: { keys: [] } } });
  const { token } = await before.tokens.issue(HOLDER);
  expect((await after.tokens.verify(token)).client).toBe("vendor-a");
  expect(decodeProtectedHeader((await after.tokens.issue(HOLDER)).token).kid).toBe(newer.kid);
  await expectRefused(before, (await after.tokens.issue(HOLDER)).token);
});

test("a token expires, also when it was verified before", async () => {
  const here = await scene();
  const { token } = await here.tokens.issue(HOLDER);
  await here.tokens.verify(token);
  here.clock.advanceSeconds(LIFETIME_SECONDS - 1);
  await here.tokens.verify(token);
  here.clock.advanceSeconds(30);
  const error = await expectRefused(here, token);
  expect(String(error.cause)).toContain("exp");
});

test("a verified token is not verified again while it is valid", async () => {
  const { tokens } = await scene();
  const { token } = await tokens.issue(HOLDER);
  expect(await tokens.verify(token)).toBe(await tokens.verify(token));
});

test("beyond their bound the tokens verified first are forgotten, and verified again when they come", async () => {
  const tokens = createAccessTokens({
    ...{ keys: await signingKeys(), now: stoppedClock().now, tenant: "H04" },
    ...{ lifetimeSeconds: LIFETIME_SECONDS, remembered: 2 },
  });
  const three = await Promise.all(["a", "b", "c"].map((client) => tokens.issue({ ...HOLDER, client })));
  const [first, ...later] = three.map(({ token }) => token);
  const claims = await tokens.verify(first ?? "");
  for (const token of later) await tokens.verify(token);
  const again = await tokens.verify(first ?? "");
  expect(again).toEqual(claims);
  expect(again).not.toBe(claims);
});

test("a token of another tenant is refused even when the keys are shared", async () => {
  const keys = await signingKeys();
  const elsewhere = await scene({ keys, tenant: "H25" });
  const { token } = await elsewhere.tokens.issue(HOLDER);
  const error = await expectRefused(await scene({ keys }), token);
  expect(String(error.cause)).toContain("tenant");
});

test("a token of another deployment, with other keys, is refused", async () => {
  const foreign = await scene();
  await expectRefused(await scene(), (await foreign.tokens.issue(HOLDER)).token);
});

test("a foreign key that calls itself by our key's id is refused", async () => {
  const here = await scene();
  const foreign = (await signingKeys()).newest;
  await expectRefused(here, await forged(here, {}, { kid: here.keys.newest.kid }, foreign));
});

test("a key that the token brings along is not believed", async () => {
  const here = await scene();
  const foreign = (await signingKeys()).newest;
  await expectRefused(here, await forged(here, {}, { kid: "mine", jwk: foreign.published }, foreign));
  await expectRefused(here, await forged(here, {}, { kid: here.keys.newest.kid, jwk: foreign.published }, foreign));
});

describe("algorithm confusion", () => {
  test("a token with alg none is refused", async () => {
    const here = await scene();
    const [, payload] = (await here.tokens.issue(HOLDER)).token.split(".");
    for (const alg of ["none", "None", "NONE"]) {
      const header = encode({ alg, typ: "at+jwt", kid: here.keys.newest.kid });
      await expectRefused(here, `${header}.${payload}.`);
    }
  });

  test("a token signed with HS256 and our public key as the secret is refused", async () => {
    const here = await scene();
    const { publicKey, kid, published } = here.keys.newest;
    const [, payload] = (await here.tokens.issue(HOLDER)).token.split(".");
    const secrets = [
      await exportSPKI(publicKey),
      JSON.stringify(await exportJWK(publicKey)),
      JSON.stringify(published),
    ];
    for (const secret of secrets) {
      const signed = `${encode({ alg: "HS256", typ: "at+jwt", kid })}.${payload}`;
      const error = await expectRefused(
        here,
        `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`,
      );
      expect(String(error.cause)).toContain("alg");
    }
  });
});

describe("a token rightly signed is refused", () => {
  test.each<[string, object, object]>([
    ["of another issuer", { iss: "someone" }, {}],
    ["for another audience", { aud: "someone" }, {}],
    ["of another kind", {}, { typ: "JWT" }],
    ["without a kind", {}, { typ: undefined }],
    ["without an end", { exp: undefined }, {}],
    ["without a tenant", { tenant: undefined }, {}],
    ["without an agency", { agency: undefined }, {}],
    ["without a client", { client_id: undefined }, {}],
    ["that is not valid yet", { nbf: 4_000_000_000 }, {}],
    ["with a critical extension", {}, { crit: ["x"], x: 1 }],
  ])("%s", async (_name, claims, header) => {
    const here = await scene();
    expect((await here.tokens.verify(await forged(here, {}))).scopes).toEqual(["*"]); // but for the change it is right
    const change = forged(here, claims, header);
    const token = await change.catch(() => undefined); // jose refuses to make some of them
    if (token !== undefined) await expectRefused(here, token);
    else expect(header).toHaveProperty("crit");
  });
});

test("a changed payload or signature is refused", async () => {
  const here = await scene();
  const { token } = await here.tokens.issue(HOLDER);
  await here.tokens.verify(token);
  const [header = "", payload = "", signature = ""] = token.split(".");
  const raised = encode({ ...decodeJwt(token), scope: "*" });
  const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
  const variants = [`${header}.${raised}.${signature}`, `${header}.${payload}.${flipped}`, `${header}.${payload}.`];
  for (const variant of variants) await expectRefused(here, variant);
});

test.each(["", "x", "a.b.c", "é.é.é", "x".repeat(9000)])("what is no token is refused", async (text) => {
  await expectRefused(await scene(), text);
});

test("a scope that this version does not know gives no right", async () => {
  const here = await scene();
  const token = await forged(here, { scope: "dossiers:read time:travel" });
  expect((await here.tokens.verify(token)).scopes).toEqual(["dossiers:read"]);
});
