import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { createApp } from "../../../src/app.ts";
import { parseConfig } from "../../../src/config.ts";
import { demoSettings } from "../../../src/demo-settings.ts";
import { createLog } from "../../../src/log.ts";
import { createMetrics } from "../../../src/metrics.ts";
import { createAdapters, platformIds } from "../../../src/platform-adapters.ts";
import { openDatabase, startDispatch } from "../../../src/runtime/node-gateway.ts";
import { listen } from "../../../src/runtime/node-http-server.ts";
import { deploymentKeys } from "../../../src/security/deployment-keys.ts";
import { assemble } from "../../../src/wiring.ts";
import { answerCommands } from "../commands.ts";
import { dossierBody, dossierCode } from "../workload.ts";

const CLIENT = "bench";
/** As many as sit at the counters of a large province at once. */
const OFFICERS = 64;

const commands = {
  /** Opens the gateway as src/node.ts runs it; answers its address and tokens of several officers. */
  open: async ({ databaseUrl, registryUrl }: { databaseUrl: string; registryUrl: string }) => {
    const keys = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(keys.publicKey);
    const settings = {
      CLIENTS: JSON.stringify([{ id: CLIENT, jwk, scopes: ["*"], agency: "H04" }]),
      NATIONAL_PORTAL_URL: "http://127.0.0.1:9",
      NATIONAL_PORTAL_USERNAME: "000.00.00.H04",
      NATIONAL_PORTAL_PASSWORD: "bench-portal-password",
      POPULATION_URL: registryUrl,
      POPULATION_HASH_URL: registryUrl,
      POPULATION_USERNAME: "bench",
      POPULATION_SECRET: "bench-registry-secret",
      POPULATION_CONCURRENCY: "256",
      LOOKUPS_PER_OFFICER_HOUR: "100000000",
      LOG_LEVEL: "warn",
      PORT: "0",
    };
    const config = await parseConfig(settings, platformIds, { settings: demoSettings() });
    const database = openDatabase(databaseUrl);
    const deployed = await deploymentKeys(database.database, config.provinceCode, config);
    const elapsed = () => performance.now();
    const surroundings = { now: () => new Date(), random: Math.random, elapsed };
    const deployment = assemble(config, deployed, createAdapters(config.settings), surroundings);
    const [log, metrics] = [createLog(config.logLevel, []), createMetrics()];
    const dispatch = startDispatch({ config, deployment, database, log, metrics });
    const gateway = deployment.open(database.database, dispatch.wake, dispatch.calls);
    const app = createApp({ open: () => gateway, log, metrics, elapsed, docs: null });
    const server = await listen(app.fetch, config);
    const tokenOf = async (officer: number): Promise<string> => {
      const claims = { officerName: "Cán bộ Mẫu", agency: "H04.15" };
      const assertion = await new SignJWT(claims)
        .setProtectedHeader({ alg: "ES256" })
        .setIssuer(CLIENT)
        .setSubject(`CB-${officer}`)
        .setAudience(`${config.publicUrl}/oauth/token`)
        .setExpirationTime("2 minutes")
        .setJti(randomUUID())
        .sign(keys.privateKey);
      const body = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
      const answer = await app.request("/oauth/token", { method: "POST", body });
      return ((await answer.json()) as { access_token: string }).access_token;
    };
    const tokens = await Promise.all(Array.from({ length: OFFICERS }, (_, officer) => tokenOf(officer)));
    const put = (path: string, body: unknown) =>
      app.request(path, {
        method: "PUT",
        headers: { authorization: `Bearer ${tokens[0]}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const answers = [
      await put(`/v1/dossiers/${dossierCode(0)}?known=true`, dossierBody(0)),
      await put("/v1/look-up-policies/2.000591", { fields: ["fullName", "permanentResidence"], reason: "bench" }),
    ];
    if (answers.some(({ ok }) => !ok)) throw new Error(`the gateway was not prepared: ${await answers[0]?.text()}`);
    return { url: server.url, tokens };
  },
};

/** What this process can be told. */
export type LookUpGatewayCommands = typeof commands;

answerCommands(commands);
