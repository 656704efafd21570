import { randomBytes } from "node:crypto";
import { createTestHarness } from "wrangler";
import { generateLedgerKey } from "../../src/security/ledger-keys.ts";
import { hashSecret } from "../../src/security/secrets.ts";
import { generateSigningKey } from "../../src/security/signing-keys.ts";
import { CLIENTS } from "../gateway-scene.ts";
import { ROOT, type WorkerBundle } from "./worker-bundle.ts";

/** Cheap on purpose: the cost of a hash is not what is tested. */
const TEST_COST = { N: 2 ** 10, r: 1, p: 1 };

/** Keys that two processes of one deployment share, as settings. */
export const sharedKeys = async () => ({
  LEDGER_KEYS: generateLedgerKey("shared", randomBytes),
  SIGNING_KEYS: JSON.stringify([await generateSigningKey()]),
});

/** The clients of the scenes with hashed secrets, which is all that production takes. */
const hashedClients = () =>
  Promise.all(
    CLIENTS.map(async ({ secret, ...rest }) => ({ ...rest, secretHash: await hashSecret(secret, TEST_COST) })),
  );

/** Settings with which a Worker serves, but for keys and platforms. */
export const workerSettings = async (): Promise<Record<string, string>> => ({
  PUBLIC_URL: "https://gateway.test",
  PROVINCE_CODE: "H04",
  AGENCY_CODE: "000.00.00.H04",
  // What a Worker does must not depend on the hour of the test.
  RECONCILE_AT: "off",
  CLIENTS: JSON.stringify(await hashedClients()),
  OPERATORS: JSON.stringify([{ id: "op", secretHash: await hashSecret("op-secret", TEST_COST), role: "operator" }]),
});

/** The bundled Worker running in workerd. */
export const openWorker = async (
  bundle: WorkerBundle,
  databaseUrl: string,
  settings: Readonly<Record<string, string>>,
) => {
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE"] = databaseUrl;
  const server = createTestHarness({
    root: ROOT,
    workers: [{ configPath: "./wrangler.toml", prebuiltWorkerDir: bundle.folder, vars: { ...settings } }],
  });
  await server.listen();

  const fetchToken = async (client = "province"): Promise<string> => {
    const body = "grant_type=client_credentials";
    const headers = {
      authorization: `Basic ${btoa(`${client}:${client}-secret`)}`,
      "content-type": "application/x-www-form-urlencoded",
    };
    const answer = await server.fetch("/oauth/token", { method: "POST", body, headers });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  let known: string | undefined;

  return {
    fetch: server.fetch,
    fetchToken,
    /** Calls the API as the province, or with the token given; an object body goes as JSON. */
    request: async (method: string, path: string, body?: unknown, token?: string) => {
      known ??= await fetchToken();
      return server.fetch(path, {
        method,
        headers: {
          authorization: `Bearer ${token ?? known}`,
          "accept-language": "en",
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    },
    /** What the cron trigger does each minute. */
    cron: (scheduledTime = new Date()) => server.getWorker().scheduled({ cron: "* * * * *", scheduledTime }),
    /** What the Worker logged, a line of JSON each. workerd's own remarks, such as a refused connection, are left out. */
    log: () =>
      server.getLogs().flatMap(({ message }) => {
        return message.startsWith("{") ? [JSON.parse(message) as Record<string, unknown>] : [];
      }),
    close: () => server.close(),
  };
};

/** A Worker with what a test does to it. */
export type WorkerScene = Awaited<ReturnType<typeof openWorker>>;
