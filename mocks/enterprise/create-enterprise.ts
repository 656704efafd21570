import { type Context, Hono } from "hono";
import type {
  AccessKeyCredential,
  AnswerHcm,
  AnswerV1,
  TokenAnswer,
} from "../../contracts/platforms/enterprise/wire.ts";
import { DETAIL_HCM, DETAIL_V1, DETAILS_V2 } from "../../contracts/platforms/enterprise/wire.ts";
import { type AnswerStyle, answerHcm, answerV1, answerV2 } from "./answers.ts";
import { type HeldBusiness, SAMPLE_BUSINESSES } from "./businesses.ts";
import { createDial, type Dial, type FaultRule } from "./dial.ts";
import { BASES, ENTERPRISE_DEFAULTS, type EnterpriseOptions, type EnterpriseSettings } from "./settings.ts";
import { gatewayFault, jsonAnswer, spoiled } from "./spoil.ts";

/** The registers of businesses, played from their document: enterprises, households, cooperatives, and their tokens. */
export interface EnterpriseRegisters {
  readonly app: Hono;
  readonly dial: Dial;
  /** By code as it is asked for. */
  readonly businesses: Map<string, HeldBusiness>;
  /** How often each operation was called, also when it was refused or spoilt. */
  readonly calls: Readonly<Record<string, number>>;
  /** All tokens die now. */
  expireTokens(): void;
}

/** Tokens remembered at most. */
const TOKENS = 1000;

const keysOf = (business: HeldBusiness): string[] => [
  business.code,
  ...(business.registration ? [business.registration] : []),
];

interface Parts {
  readonly settings: EnterpriseSettings;
  readonly registers: EnterpriseRegisters;
  readonly tokens: Map<string, number>;
  readonly count: (operation: string) => void;
}

const isAlive = ({ tokens, settings }: Parts, authorization: string | undefined): boolean => {
  const death = tokens.get((authorization ?? "").replace(/^Bearer /u, ""));
  return death !== undefined && settings.now().getTime() < death;
};

/** What a call meets before it is looked at, in the order in which a real one would. */
const guarded = async (
  c: Context,
  parts: Parts,
  operation: string,
  door: (c: Context) => Response | undefined,
  answer: (style: AnswerStyle, failure: Extract<FaultRule, { fault: "business-failure" }> | undefined) => string,
): Promise<Response> => {
  parts.count(operation);
  const rules = parts.registers.dial.acting(operation);
  for (const rule of rules) if (rule.fault === "latency") await parts.settings.wait(rule.ms);
  if (rules.some(({ fault }) => fault === "token-expired")) parts.registers.expireTokens();
  const style: AnswerStyle = Object.assign({}, ...rules.filter(({ fault }) => fault === "style"));
  const failure = rules.find((rule) => rule.fault === "business-failure");
  const right = door(c);
  const text = right === undefined ? answer(style, failure) : "{}";
  const wrong = rules.map((rule) => spoiled(rule, text)).find((response) => response !== undefined);
  return wrong ?? right ?? jsonAnswer(text);
};

const bearerDoor = (parts: Parts) => (c: Context) => {
  const authorization = c.req.header("authorization");
  if (authorization === undefined) return gatewayFault(900902, 401);
  return isAlive(parts, authorization) ? undefined : gatewayFault(900901, 401);
};

const basicDoor =
  ({ settings: { clientId, clientSecret } }: Parts) =>
  (c: Context) =>
    c.req.header("authorization") === `Basic ${btoa(`${clientId}:${clientSecret}`)}`
      ? undefined
      : jsonAnswer('{"error":"invalid_client","error_description":"Client Authentication failed."}', 401);

const hcmFailure = (StatusCode: number, Description: string): string => {
  const answer: AnswerHcm = { StatusCode, Status: "ERROR", ThrowException: false, Description, ResultObject: null };
  return JSON.stringify(answer);
};

/** The whole header is the credential, without a scheme word (registries section 1.3, B). */
const accessKeyDoor =
  ({ settings }: Parts) =>
  (c: Context) => {
    const credential: AccessKeyCredential = {
      AccessKey: settings.clientId,
      SecretKey: settings.clientSecret,
      AppName: settings.appName,
      PartnerCode: settings.partnerCode,
      PartnerCodeCus: settings.partnerCode,
    };
    return c.req.header("authorization") === btoa(JSON.stringify(credential))
      ? undefined
      : jsonAnswer(hcmFailure(401, "Không có quyền truy cập"));
  };

const createFaces = (parts: Parts): Hono => {
  const { settings, registers } = parts;
  const app = new Hono();
  const held = (code: string | undefined, kind: HeldBusiness["kind"]): HeldBusiness | undefined => {
    const found = registers.businesses.get(code ?? "");
    return found?.kind === kind ? found : undefined;
  };

  app.post("/token", async (c) => {
    const grant = new URLSearchParams(await c.req.text()).get("grant_type");
    return guarded(c, parts, "token", basicDoor(parts), () => {
      if (grant !== "client_credentials") return '{"error":"unsupported_grant_type"}';
      const token = settings.newToken();
      const oldest = parts.tokens.size >= TOKENS ? parts.tokens.keys().next().value : undefined;
      if (oldest !== undefined) parts.tokens.delete(oldest);
      parts.tokens.set(token, settings.now().getTime() + settings.tokenLifeSeconds * 1000);
      const answer: TokenAnswer = {
        access_token: token,
        scope: "am_application_scope default",
        token_type: "Bearer",
        expires_in: settings.tokenLifeSeconds,
      };
      return JSON.stringify(answer);
    });
  });

  app.get(`${BASES.v1}/${DETAIL_V1.path}`, (c) =>
    guarded(c, parts, "detail-v1", bearerDoor(parts), (style, failure) => {
      if (failure === undefined) return answerV1(held(c.req.query(DETAIL_V1.code), "enterprise"), style);
      const answer: AnswerV1 = {
        Data: null,
        DataCount: 0,
        Status: String(failure.code ?? 0),
        Message: failure.message,
      };
      return JSON.stringify(answer);
    }),
  );
  for (const [kind, { path, code, root }] of Object.entries(DETAILS_V2))
    app.get(`${BASES.v2}/${path}`, (c) =>
      guarded(c, parts, "detail-v2", settings.guardsV2 ? bearerDoor(parts) : () => undefined, (style, failure) =>
        failure === undefined
          ? answerV2(root, held(c.req.query(code), kind as HeldBusiness["kind"]), style)
          : JSON.stringify({ Message: failure.message }),
      ),
    );
  app.get(`${BASES.hcm}/${DETAIL_HCM.path}`, (c) =>
    guarded(c, parts, "detail-hcm", accessKeyDoor(parts), (style, failure) =>
      failure === undefined
        ? answerHcm(held(c.req.query(DETAIL_HCM.code), "enterprise"), style)
        : hcmFailure(failure.code ?? 400, failure.message),
    ),
  );
  return app;
};

/** The simulator's own routes; no part of the registers' contract. `POST /__simulator/dial` takes a rule or a list. */
const createControl = (registers: EnterpriseRegisters): Hono => {
  const { dial } = registers;
  const app = new Hono().basePath("/__simulator");
  app.get("/dial", (c) => c.json({ rules: dial.rules }));
  app.post("/dial", async (c) => {
    try {
      dial.set(await c.req.json().catch(() => undefined));
      return c.json({ rules: dial.rules });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return c.json({ error: error.message }, 400);
    }
  });
  app.delete("/dial", (c) => {
    dial.clear();
    return c.body(null, 204);
  });
  app.get("/state", (c) => c.json({ calls: registers.calls, businesses: [...new Set(registers.businesses.values())] }));
  app.delete("/tokens", (c) => {
    registers.expireTokens();
    return c.body(null, 204);
  });
  return app;
};

/** Makes the registers with their invented businesses. Runtime-free: no clock, file or randomness of its own. */
export const createEnterprise = (options: EnterpriseOptions): EnterpriseRegisters => {
  const settings: EnterpriseSettings = { ...ENTERPRISE_DEFAULTS, ...options };
  const tokens = new Map<string, number>();
  const calls: Record<string, number> = {};
  const registers: EnterpriseRegisters = {
    app: new Hono(),
    dial: createDial(),
    businesses: new Map(SAMPLE_BUSINESSES.flatMap((each) => keysOf(each).map((key) => [key, each] as const))),
    calls,
    expireTokens: () => tokens.clear(),
  };
  const count = (operation: string) => {
    calls[operation] = (calls[operation] ?? 0) + 1;
  };
  registers.app.route("/", createFaces({ settings, registers, tokens, count }));
  registers.app.route("/", createControl(registers));
  registers.app.get("/", (c) => c.text("Simulator of the registers of businesses: GET /__simulator/state"));
  return registers;
};

/** How the gateway reaches this simulator in each of its dialects; an unknown one is left to the gateway to refuse. */
export const enterpriseSettings = (profile: string | undefined, url: string): Readonly<Record<string, string>> => {
  const { clientId, clientSecret, appName, partnerCode } = ENTERPRISE_DEFAULTS;
  const client = { ENTERPRISE_CLIENT_ID: clientId, ENTERPRISE_CLIENT_SECRET: clientSecret };
  if (profile === "dkkd-hcm") {
    const bus = {
      ENTERPRISE_APP_NAME: appName,
      ENTERPRISE_PARTNER_CODE: partnerCode,
      ENTERPRISE_PARTNER_CODE_CUS: partnerCode,
    };
    return { ENTERPRISE_URL: `${url}${BASES.hcm}`, ...client, ...bus };
  }
  const base = profile === "dkkd-v2" ? BASES.v2 : BASES.v1;
  return { ENTERPRISE_URL: `${url}${base}`, ENTERPRISE_TOKEN_URL: `${url}/token`, ...client };
};
