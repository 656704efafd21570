import { setTimeout as delay } from "node:timers/promises";
import type { Adapter } from "../contracts/adapter.ts";
import { createNationalPortal } from "../mocks/national-portal/create-national-portal.ts";
import { type NationalPortalOptions, PORTAL_DEFAULTS } from "../mocks/national-portal/settings.ts";
import { serve } from "../mocks/server.ts";
import { portalSettings as profileSettings } from "../mocks/start-simulator.ts";
import { createApp } from "../src/app.ts";
import { type Config, parseConfig } from "../src/config.ts";
import { rows } from "../src/database/database.ts";
import { sql } from "../src/database/sql.ts";
import { demoSettings } from "../src/demo-settings.ts";
import { createLog } from "../src/log.ts";
import { createMetrics } from "../src/metrics.ts";
import { createAdapters, platformIds } from "../src/platform-adapters.ts";
import { openNodeFiles } from "../src/runtime/node-files.ts";
import { type NodeDispatch, openDatabase, startDispatch } from "../src/runtime/node-gateway.ts";
import type { ResolveName } from "../src/runtime/node-lookup.ts";
import { createNodePapers } from "../src/runtime/node-papers.ts";
import { deploymentKeys } from "../src/security/deployment-keys.ts";
import { assemble } from "../src/wiring.ts";
import { createTestDatabase } from "./database.ts";

/** The clients of every scene: the province's root, two departments, and one that may only read. */
export const CLIENTS = [
  { id: "province", secret: "province-secret", scopes: ["*"], agency: "000.00.00.H04" },
  { id: "industry", secret: "industry-secret", scopes: ["*"], agency: "000.00.15.H04" },
  { id: "health", secret: "health-secret", scopes: ["*"], agency: "H04.16" },
  { id: "reader", secret: "reader-secret", scopes: ["dossiers:read", "ledger:read"], agency: "H04" },
];

/** How a scene differs from the usual one. */
export interface SceneOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** False: entries are accepted and stay queued. */
  readonly dispatch?: boolean;
  /** False: the portal is not configured at all. */
  readonly portal?: boolean;
  /** The dialect in which the portal is spoken to; `mapi` when absent. */
  readonly profile?: "lgsp-facade" | "connector-v1";
  /** How the simulated portal differs from the usual one. */
  readonly portalOptions?: Partial<NationalPortalOptions>;
  readonly now?: () => Date;
  /** In the place of the system's look-up of names, when a webhook is made and when it is called. */
  readonly resolveName?: ResolveName;
  /** Platforms besides the configured ones, or in their place. */
  readonly adapters?: readonly Adapter[];
  /** Clients in the place of the usual ones, as the setting has them. */
  readonly clients?: readonly unknown[];
}

const servePortal = async (options: SceneOptions["portalOptions"]) => {
  let sessions = 0;
  const newSession = () => `session-${++sessions}`;
  const portal = createNationalPortal({ now: () => new Date(), newSession, ...options });
  return { portal, served: await serve(portal.app) };
};

const portalSettings = (url: string): Record<string, string> => ({
  NATIONAL_PORTAL_URL: url,
  NATIONAL_PORTAL_USERNAME: PORTAL_DEFAULTS.username,
  NATIONAL_PORTAL_PASSWORD: PORTAL_DEFAULTS.password,
  NATIONAL_PORTAL_DSTCODE: PORTAL_DEFAULTS.dstcode,
  NATIONAL_PORTAL_RETRY_BASE_MS: "5",
  NATIONAL_PORTAL_RETRY_MAX_MS: "50",
  NATIONAL_PORTAL_TIMEOUT_MS: "2000",
});

/**
 * A whole gateway on a database of its own, before a simulator that answers real HTTP. The application is called
 * in process (`request`); everything behind it is the real thing.
 */
export const openGatewayScene = async (options: SceneOptions = {}) => {
  const testDatabase = await createTestDatabase();
  const { portal, served } = await servePortal(options.portalOptions);
  const dialect = options.profile && {
    NATIONAL_PORTAL_PROFILE: options.profile,
    ...profileSettings(options.profile, served.url),
  };
  const settings = { ...(options.portal !== false && portalSettings(served.url)), ...dialect, ...options.settings };
  const config: Config = await parseConfig(
    { CLIENTS: JSON.stringify(options.clients ?? CLIENTS), LOG_LEVEL: "silent", ...settings },
    [...platformIds, ...(options.adapters ?? []).map(({ platform }) => platform)],
    {
      settings: demoSettings(),
    },
  );
  const log = createLog(config.logLevel, []);
  const metrics = createMetrics();
  const now = options.now ?? (() => new Date());
  const { resolveName } = options;
  const database = openDatabase(testDatabase.url, 8);
  const keys = await deploymentKeys(database.database, config.provinceCode, config);
  const files = openNodeFiles(config.files, resolveName);
  const added = (options.adapters ?? []).map((adapter) => [adapter.platform, adapter] as const);
  const deployment = assemble(config, keys, new Map([...createAdapters(config.settings), ...added]), {
    now,
    random: Math.random,
    elapsed: () => performance.now(),
    files,
    papers: createNodePapers(now),
    ...(resolveName && { lookUp: async (host) => (await resolveName(host)).map(({ address }) => address) }),
  });
  const parts = { config, deployment, database, log, metrics, resolveName };
  let dispatch: NodeDispatch | undefined = options.dispatch === false ? undefined : startDispatch(parts);
  const gateway = deployment.open(
    database.database,
    (platform) => dispatch?.wake(platform),
    (platform) => dispatch?.calls(platform),
  );
  const app = createApp({
    open: () => gateway,
    log,
    metrics,
    elapsed: () => performance.now(),
    dossierCodePattern: config.dossierCodePattern,
    docs: { script: "/* script */", style: "/* style */" },
  });

  const tokens = new Map<string, string>();
  const token = async (client = "province"): Promise<string> => {
    const known = tokens.get(client);
    if (known !== undefined) return known;
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const authorization = `Basic ${btoa(`${client}:${client}-secret`)}`;
    const answer = await app.request("/oauth/token", { method: "POST", body, headers: { authorization } });
    const { access_token } = (await answer.json()) as { access_token: string };
    tokens.set(client, access_token);
    return access_token;
  };

  /** Calls the API as a client; an object body goes as JSON, a string as it is. */
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    { client = "province", headers = {} }: { client?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> =>
    app.request(path, {
      method,
      headers: {
        authorization: `Bearer ${await token(client)}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });

  const unsettled = async (): Promise<number> => {
    const [row] = await rows<{ count: number }>(
      database.database,
      sql`select count(*)::int as count from pending p where state <> 'failed'
          and not exists (select 1 from pending f where f.stream = p.stream and f.state = 'failed' and f.position < p.position)`,
    );
    return row?.count ?? 0;
  };

  /** Waits until nothing is on its way: all that is left failed, or waits behind something failed. */
  const drained = async (seconds = 20): Promise<void> => {
    for (const end = Date.now() + seconds * 1000; (await unsettled()) > 0; await delay(10)) {
      if (Date.now() > end) throw new Error(`${await unsettled()} entries are still on their way`);
    }
  };

  const stopDispatch = async (): Promise<void> => {
    const stopping = dispatch;
    dispatch = undefined;
    await stopping?.stop(2000);
  };

  return {
    app,
    gateway,
    deployment,
    config,
    keys,
    database: database.database,
    databaseUrl: testDatabase.url,
    portal,
    served,
    token,
    request,
    drained,
    stopDispatch,
    startDispatch: () => {
      dispatch ??= startDispatch(parts);
    },
    close: async (): Promise<void> => {
      await stopDispatch();
      await served.close();
      await files.close();
      await database.close();
      await testDatabase.drop();
    },
  };
};

/** A gateway with everything around it. */
export type GatewayScene = Awaited<ReturnType<typeof openGatewayScene>>;

/** A dossier that every check passes; parts can be replaced. */
export const dossierBody = (parts: Readonly<Record<string, unknown>> = {}) => ({
  procedureCode: "2.000591",
  procedureName: "Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm",
  channel: "online",
  applicant: {
    type: "citizen",
    name: "Trần Thị Ví Dụ",
    identities: [{ kind: "personal-id", value: "001199000001" }],
    email: "vidu@example.vn",
    phone: "0912345678",
  },
  summary: "Cấp giấy chứng nhận (Trần Thị Ví Dụ)",
  submittedAt: "2026-11-20T08:05:00+07:00",
  receivedAt: "2026-11-20T09:15:00+07:00",
  dueAt: "2026-11-30T17:00:00+07:00",
  status: "accepted",
  delivery: "counter",
  processingUnit: { code: "H04.15", name: "Sở Công Thương" },
  ...parts,
});

/** A progress step that every check passes. */
export const eventBody = (eventId: string, parts: Readonly<Record<string, unknown>> = {}) => ({
  eventId,
  status: "processing",
  occurredAt: "2026-11-20T14:10:00+07:00",
  officer: { name: "Lê Văn Mẫu", title: "Công chức" },
  unit: "Bộ phận chuyên môn",
  content: `Thẩm định hồ sơ ${eventId}`,
  ...parts,
});
