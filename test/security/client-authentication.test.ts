import { createHmac } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { authenticateClient } from "../../src/security/client-authentication.ts";
import { parseClients } from "../../src/security/client-registry.ts";
import { importP256Key } from "../../src/security/p256-jwk.ts";
import { hashSecret, verifySecret } from "../../src/security/secrets.ts";
import { generateSigningKey } from "../../src/security/signing-keys.ts";
import { accepted, stoppedClock } from "./scenes.ts";

const AUDIENCE = "https://gateway.example.vn/oauth/token";
const SECRET = "a b+c/d:é=%25";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const ownKey = await generateSigningKey();
const foreignKey = await generateSigningKey();
const publicOf = ({ d: _d, ...jwk }: typeof ownKey) => jwk;
const common = { scopes: ["*"], agency: "H04" };
const registry = accepted(
  parseClients(
    JSON.stringify([
      {
        id: "vendor-a",
        secretHash: await hashSecret(SECRET, { N: 1024, r: 1, p: 1 }),
        jwk: publicOf(ownKey),
        ...common,
      },
      { id: "vendor-b", secretHash: await hashSecret("other", { N: 1024, r: 1, p: 1 }), ...common },
      { id: "vendor-c", jwk: publicOf(foreignKey), ...common },
    ]),
    { production: true },
  ),
);

const scene = () => {
  const clock = stoppedClock();
  const used = new Map<string, Date>();
  const rules = {
    findClient: registry.find,
    audiences: [AUDIENCE, "lien-thong-gateway"],
    now: clock.now,
    verifySecret,
    useOnce: async (id: string, expiresAt: Date) => !used.has(id) && used.set(id, expiresAt).size > 0,
  };
  const authenticate = (form: Record<string, string> | URLSearchParams | string, authorization?: string) =>
    authenticateClient({ authorization, form: new URLSearchParams(form) }, rules);
  return { clock, used, rules, authenticate };
};

const formEncode = (text: string): string => new URLSearchParams({ text }).toString().slice("text=".length);
const basicOf = (joined: string): string => `Basic ${Buffer.from(joined).toString("base64")}`;
const basic = (id: string, secret: string): string => basicOf(`${formEncode(id)}:${formEncode(secret)}`);

/** An assertion of vendor-a that is right but for what is changed. */
const assertionOf = async (claims: object = {}, key = ownKey, now = stoppedClock().now()): Promise<string> => {
  const seconds = now.getTime() / 1000;
  const payload = { iss: "vendor-a", sub: "vendor-a", aud: AUDIENCE, exp: seconds + 60, jti: "j1", ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: "ES256" }).sign(await importP256Key(key));
};

const asserting = (assertion: string, more: Record<string, string> = {}) => ({
  client_assertion_type: ASSERTION_TYPE,
  client_assertion: assertion,
  ...more,
});

const invalidClient = {
  ok: false,
  error: {
    error: "invalid_client",
    status: 401,
    headers: { "www-authenticate": expect.stringMatching(/^Basic realm=/u) },
  },
};
const invalidRequest = { ok: false, error: { error: "invalid_request", status: 400 } };

describe("HTTP Basic", () => {
  test("a client is known by its form-url-encoded id and secret", async () => {
    const result = await scene().authenticate({}, basic("vendor-a", SECRET));
    expect(result).toMatchObject({ ok: true, client: { id: "vendor-a" } });
  });

  test("the scheme is read in any case, and the client's id may stand in the form as well", async () => {
    const header = basic("vendor-a", SECRET).replace("Basic", "bASIC");
    expect(await scene().authenticate({ client_id: "vendor-a" }, header)).toMatchObject({ ok: true });
    expect(await scene().authenticate({ client_id: "vendor-b" }, header)).toMatchObject(invalidRequest);
  });

  test.each([
    ["a wrong secret", basic("vendor-a", "wrong")],
    ["another client's secret", basic("vendor-b", SECRET)],
    ["an unknown client", basic("nobody", SECRET)],
    ["a client without a secret", basic("vendor-c", "")],
    ["an empty secret", basic("vendor-a", "")],
    ["a secret of a megabyte", basic("vendor-a", "x".repeat(1_000_000))],
    ["a secret that was not encoded", basicOf(`vendor-a:${SECRET}`)],
    ["no colon", basicOf("vendor-a")],
    ["a broken percent sign", basicOf("vendor-a:%zz")],
    ["bytes that are not UTF-8", `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString("base64")}`],
    ["no base64", "Basic !!!"],
    ["another scheme", "Bearer abc"],
    ["an empty header", ""],
  ])("%s is refused, and every refusal looks the same", async (_name, header) => {
    const result = await scene().authenticate({}, header);
    const reference = await scene().authenticate({}, basic("nobody", "wrong"));
    expect(result).toMatchObject(invalidClient);
    if (result.ok || reference.ok) throw new Error("authenticated");
    expect(result.error).toEqual(reference.error);
    expect(result.reason).not.toContain(SECRET);
  });
});

describe("id and secret in the form", () => {
  test("a client is known by them", async () => {
    const result = await scene().authenticate({ client_id: "vendor-a", client_secret: SECRET });
    expect(result).toMatchObject({ ok: true, client: { id: "vendor-a" } });
  });

  test.each([
    [{ client_id: "vendor-a", client_secret: "wrong" }, invalidClient],
    [{ client_id: "nobody", client_secret: SECRET }, invalidClient],
    [{ client_id: "vendor-a", client_secret: "" }, invalidClient],
    [{ client_id: "vendor-a" }, invalidClient],
    [{}, invalidClient],
    [{ client_secret: SECRET }, invalidRequest],
    ["client_id=vendor-a&client_id=vendor-b&client_secret=other", invalidRequest],
    ["grant_type=a&grant_type=b&client_id=vendor-b&client_secret=other", invalidRequest],
  ])("%j is refused", async (form, refusal) => {
    expect(await scene().authenticate(form)).toMatchObject(refusal);
  });
});

describe("more than one method at once is refused", () => {
  test("Basic and a secret in the form", async () => {
    const form = { client_id: "vendor-a", client_secret: SECRET };
    expect(await scene().authenticate(form, basic("vendor-a", SECRET))).toMatchObject(invalidRequest);
  });

  test("Basic and an assertion, which is then not used up", async () => {
    const here = scene();
    const form = asserting(await assertionOf());
    expect(await here.authenticate(form, basic("vendor-a", SECRET))).toMatchObject(invalidRequest);
    expect(here.used.size).toBe(0);
  });

  test("a secret in the form and an assertion", async () => {
    const form = asserting(await assertionOf(), { client_id: "vendor-a", client_secret: SECRET });
    expect(await scene().authenticate(form)).toMatchObject(invalidRequest);
  });
});

describe("an assertion", () => {
  test("signed by the client's key makes it known, with or without client_id", async () => {
    const known = { ok: true, client: { id: "vendor-a" } };
    expect(await scene().authenticate(asserting(await assertionOf()))).toMatchObject(known);
    expect(await scene().authenticate(asserting(await assertionOf(), { client_id: "vendor-a" }))).toMatchObject(known);
    const aud = ["https://elsewhere.vn", "lien-thong-gateway"];
    expect(await scene().authenticate(asserting(await assertionOf({ aud })))).toMatchObject(known);
  });

  test("is refused when it comes a second time", async () => {
    const here = scene();
    const form = asserting(await assertionOf());
    expect(await here.authenticate(form)).toMatchObject({ ok: true });
    expect(await here.authenticate(form)).toMatchObject({ ...invalidClient, reason: "the assertion was used before" });
  });

  test("is remembered as used for as long as it would be accepted, and apart from other clients' ids", async () => {
    const here = scene();
    await here.authenticate(asserting(await assertionOf()));
    const [[id, expiresAt] = ["", new Date(0)]] = [...here.used];
    expect(id).toBe("vendor-a/j1");
    here.clock.advanceSeconds(60);
    const ends = (expiresAt.getTime() - here.clock.now().getTime()) / 1000;
    here.used.clear();
    here.clock.advanceSeconds(ends - 1);
    expect(await here.authenticate(asserting(await assertionOf()))).toMatchObject({ ok: true });
    here.used.clear();
    here.clock.advanceSeconds(1);
    expect(await here.authenticate(asserting(await assertionOf()))).toMatchObject(invalidClient);

    const other = await assertionOf({ iss: "vendor-c", sub: "vendor-c" }, foreignKey);
    const fresh = scene();
    await fresh.authenticate(asserting(await assertionOf()));
    expect(await fresh.authenticate(asserting(other))).toMatchObject({ ok: true, client: { id: "vendor-c" } });
  });

  test("that expired is refused", async () => {
    const here = scene();
    const form = asserting(await assertionOf());
    here.clock.advanceSeconds(120);
    expect(await here.authenticate(form)).toMatchObject(invalidClient);
  });

  const seconds = stoppedClock().now().getTime() / 1000;
  test.each<[string, object]>([
    ["for another audience", { aud: "https://elsewhere.vn" }],
    ["for no audience", { aud: undefined }],
    ["about someone else", { sub: "vendor-b" }],
    ["about nobody", { sub: undefined }],
    ["of an issuer without a key", { iss: "vendor-b", sub: "vendor-b" }],
    ["of an unknown issuer", { iss: "nobody", sub: "nobody" }],
    ["of no issuer", { iss: undefined, sub: undefined }],
    ["that lives longer than five minutes", { exp: seconds + 400 }],
    ["without an end", { exp: undefined }],
    ["without an id", { jti: undefined }],
    ["with an empty id", { jti: "" }],
    ["with an endless id", { jti: "x".repeat(300) }],
    ["that is not valid yet", { nbf: seconds + 100 }],
  ])("%s is refused and not marked as used", async (_name, claims) => {
    const here = scene();
    expect(await here.authenticate(asserting(await assertionOf(claims)))).toMatchObject(invalidClient);
    expect(here.used.size).toBe(0);
  });

  test("signed by another client's key is refused", async () => {
    const form = asserting(await assertionOf({}, foreignKey));
    expect(await scene().authenticate(form)).toMatchObject(invalidClient);
  });

  test("with alg none, or HS256 by the public key or the secret, is refused", async () => {
    const [, payload] = (await assertionOf()).split(".");
    const headerOf = (alg: string) => Buffer.from(JSON.stringify({ alg })).toString("base64url");
    expect(await scene().authenticate(asserting(`${headerOf("none")}.${payload}.`))).toMatchObject(invalidClient);
    for (const secret of [SECRET, JSON.stringify(publicOf(ownKey))]) {
      const signed = `${headerOf("HS256")}.${payload}`;
      const forged = `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
      expect(await scene().authenticate(asserting(forged))).toMatchObject(invalidClient);
    }
  });

  test("that is no JWT, or too long, is refused", async () => {
    for (const text of ["x", "a.b.c", "x".repeat(9000)]) {
      expect(await scene().authenticate(asserting(text))).toMatchObject(invalidClient);
    }
  });

  test("of one client under the id of another is refused", async () => {
    const form = asserting(await assertionOf(), { client_id: "vendor-b" });
    expect(await scene().authenticate(form)).toMatchObject(invalidClient);
  });

  test("of another type, or a type without an assertion, is a faulty request", async () => {
    const assertion = await assertionOf();
    const saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    expect(await scene().authenticate(asserting(assertion, { client_assertion_type: saml }))).toMatchObject(
      invalidRequest,
    );
    expect(await scene().authenticate({ client_assertion: assertion })).toMatchObject(invalidRequest);
    expect(await scene().authenticate({ client_assertion_type: ASSERTION_TYPE })).toMatchObject(invalidRequest);
  });

  test("is neither accepted nor refused while the store of used ones is away", async () => {
    const here = scene();
    const away = new Error("the database is away");
    const rules = { ...here.rules, useOnce: () => Promise.reject(away) };
    const form = new URLSearchParams(asserting(await assertionOf()));
    await expect(authenticateClient({ authorization: undefined, form }, rules)).rejects.toBe(away);
  });
});

test("descriptions keep to the characters that RFC 6749 allows", async () => {
  const here = scene();
  const refusals = [
    await here.authenticate({}),
    await here.authenticate({ client_secret: "x" }),
    await here.authenticate({ client_assertion: "x" }),
    await here.authenticate({ client_assertion_type: ASSERTION_TYPE }),
    await here.authenticate({ client_id: "b" }, basic("a", "x")),
    await here.authenticate("a=1&a=2"),
    await here.authenticate(asserting("x", { client_secret: "x" })),
  ];
  for (const refusal of refusals) {
    if (refusal.ok) throw new Error("authenticated");
    expect(refusal.error.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/u);
  }
});
