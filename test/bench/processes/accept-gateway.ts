import { createApp } from "../../../src/app.ts";
import { listen } from "../../../src/runtime/node-http-server.ts";
import { type BenchGatewayOptions, openBenchGateway } from "../bench-gateway.ts";
import { issueToken } from "../bench-token.ts";
import { answerCommands } from "../commands.ts";
import { dossierBody, dossierCode } from "../workload.ts";

/** The gateway as src/node.ts runs it, without dispatchers: what is accepted stays queued. */
const openGateway = async (options: Omit<BenchGatewayOptions, "concurrency">) => {
  const { config, database, deployment, elapsed, log, metrics } = await openBenchGateway({
    ...options,
    concurrency: 8,
  });
  const gateway = deployment.open(database.database, () => undefined);
  const app = createApp({ open: () => gateway, log, metrics, elapsed, docs: null });
  const server = await listen(app.fetch, config);
  const close = async (): Promise<void> => {
    await server.close(1000);
    await database.close();
  };
  return { app, url: server.url, close };
};

let running: Awaited<ReturnType<typeof openGateway>> | undefined;

const opened = () => {
  if (running === undefined) throw new Error("not open");
  return running;
};

const putDossiers = async ({ count }: { count: number }): Promise<void> => {
  const token = await issueToken(opened().app);
  let next = 0;
  const putNext = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const answer = await opened().app.request(`/v1/dossiers/${dossierCode(n)}`, {
        method: "PUT",
        body: JSON.stringify(dossierBody(n)),
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      });
      if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, putNext));
};

const commands = {
  /** Opens the gateway on a database; answers its address and a token. */
  open: async (options: Omit<BenchGatewayOptions, "concurrency">) => {
    running = await openGateway(options);
    return { url: running.url, token: await issueToken(running.app) };
  },
  /** Puts the dossiers `0..count-1` through the API. */
  putDossiers,
  close: async () => {
    await opened().close();
    running = undefined;
  },
};

/** What this process can be told. */
export type AcceptGatewayCommands = typeof commands;

answerCommands(commands);
