import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { AccessRecordView } from "../../contracts/services/access-records.ts";
import { createEnterprise, enterpriseSettings } from "../../mocks/enterprise/create-enterprise.ts";
import { createPopulation } from "../../mocks/population/create-population.ts";
import { populationSettings } from "../../mocks/population/gateway-settings.ts";
import { serve } from "../../mocks/server.ts";
import { sql } from "../../src/database/sql.ts";
import type { Problem } from "../../src/http/problem.ts";
import type { SceneOptions } from "../gateway-scene.ts";
import { type CallOptions, openApiScene } from "../http/api-scene.ts";

/** Signs for the officers of the clients below. */
const keys = await generateKeyPair("ES256", { extractable: true });
const jwk = await exportJWK(keys.publicKey);

/** Clients whose key signs for officers: the province's, a department's, one that may look nobody up. */
export const OFFICER_CLIENTS = [
  { id: "province", secret: "province-secret", jwk, scopes: ["*"], agency: "000.00.00.H04" },
  { id: "industry", secret: "industry-secret", jwk, scopes: ["*"], agency: "H04.15" },
  { id: "health", secret: "health-secret", jwk, scopes: ["*"], agency: "H04.16" },
  { id: "reader", secret: "reader-secret", jwk, scopes: ["dossiers:read"], agency: "H04" },
];

/** Where assertions are addressed to. */
export const TOKEN_ADDRESS = "http://127.0.0.1:8080/oauth/token";

/** What an officer's assertion says; parts can be replaced, `undefined` leaves one out. */
export const signOfficer = (
  parts: Readonly<Record<string, unknown>> = {},
  {
    key = keys.privateKey,
    now = Date.now(),
    alg = "ES256",
  }: { key?: typeof keys.privateKey; now?: number; alg?: string } = {},
): Promise<string> => {
  const usual = {
    iss: "province",
    sub: "CB-001",
    aud: TOKEN_ADDRESS,
    exp: Math.floor(now / 1000) + 120,
    jti: randomUUID(),
    officerName: "Lê Thị Cán Bộ",
    agency: "H04.15",
  };
  return new SignJWT({ ...usual, ...parts }).setProtectedHeader({ alg }).sign(key);
};

/** The form by which an assertion becomes a token. */
export const grantForm = (assertion: string, more: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion, ...more });

/** Someone whom the simulated registry knows. */
export const CITIZEN = { personalId: "099205000001", fullName: "Nguyễn Văn Mẫu", birthDate: "2005-01-31" } as const;

/** A look-up that every check passes. */
export const lookupBody = (parts: Readonly<Record<string, unknown>> = {}) => ({
  dossierCode: "H04.15-261120-0001",
  procedureCode: "2.000591",
  purpose: "processing-verification",
  ...CITIZEN,
  ...parts,
});

/** A gateway before the simulated registries, with officers. */
export const openLookUpScene = async (options: SceneOptions = {}) => {
  const now = options.now ?? (() => new Date());
  const population = createPopulation({ now: () => new Date(), newToken: randomUUID });
  const enterprise = createEnterprise({ now: () => new Date(), newToken: randomUUID });
  const [people, businesses] = [await serve(population.app), await serve(enterprise.app)];
  const scene = await openApiScene({
    clients: OFFICER_CLIENTS,
    ...options,
    settings: {
      ...populationSettings(undefined, people.url),
      ...enterpriseSettings(undefined, businesses.url),
      POPULATION_TIMEOUT_MS: "2000",
      POPULATION_RETRY_BASE_MS: "5",
      POPULATION_RETRY_MAX_MS: "50",
      ...options.settings,
    },
  });

  const tokens = new Map<string, string>();
  /** An officer's token, made once. */
  const officer = async (parts: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const name = JSON.stringify(parts);
    const known = tokens.get(name);
    if (known !== undefined) return known;
    const assertion = await signOfficer(parts, { now: now().getTime() });
    const answer = await scene.app.request("/oauth/token", { method: "POST", body: grantForm(assertion) });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`no token: ${answer.status}`);
    tokens.set(name, token);
    return token;
  };

  /** Looks a citizen up as an officer. */
  const lookUp = async <Body = Problem>(
    body: unknown,
    given: CallOptions & { officer?: Record<string, unknown> } = {},
  ) => {
    const { officer: parts, ...call } = given;
    return scene.call<Body>("POST", "/v1/citizens/lookup", body, { token: await officer(parts), ...call });
  };

  const records = async (query = "", client = "province"): Promise<AccessRecordView[]> => {
    const answer = await scene.call<{ items: AccessRecordView[] }>("GET", `/v1/access-records?${query}`, undefined, {
      client,
    });
    if (answer.status !== 200) throw new Error(`records: ${answer.status} ${answer.text}`);
    return answer.body.items;
  };

  /** Lets look-ups for a procedure release these fields. */
  const allow = (fields: readonly string[], procedureCode = "2.000591") =>
    scene.call("PUT", `/v1/look-up-policies/${procedureCode}`, { fields, reason: "QĐ 12/QĐ-UBND" });

  /** As if the catalogue had been mirrored. */
  const mirror = async (code: string): Promise<void> => {
    await scene.database.execute(
      sql`insert into procedures (tenant, code, platform_code, valid_from, is_listed, fetched_at, words)
          values ('H04', ${code}, ${code}, now(), true, now(), ' ') on conflict do nothing`,
    );
  };

  return {
    ...scene,
    population,
    enterprise,
    people,
    businesses,
    officer,
    lookUp,
    records,
    allow,
    mirror,
    close: async (): Promise<void> => {
      await scene.close();
      await people.close();
      await businesses.close();
    },
  };
};

/** A gateway with registries. */
export type LookUpScene = Awaited<ReturnType<typeof openLookUpScene>>;
