import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { type ClusterFolder, type ClusterTemplate, clusterTemplate } from "./cluster-folder.ts";
import { postmasterOf, startGatewayProcess } from "./gateway-process.ts";
import { ask, remember, remembered } from "./remembered-row.ts";

let template: ClusterTemplate;
let folder: ClusterFolder;
let dataDir: string;
const running: EmbeddedPostgres[] = [];

beforeAll(async () => {
  template = await clusterTemplate();
});
beforeEach(async () => {
  folder = await template.copy();
  dataDir = folder.dataDir;
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await folder.remove();
});
afterAll(() => template.remove());

describe("ownership", () => {
  test("a second gateway on the same folder is refused with the owner's name and a way out; the first goes on", async () => {
    const first = await startGatewayProcess(dataDir);
    const refusal = startEmbeddedPostgres({ dataDir });
    await expect(refusal).rejects.toThrow(`process ${first.pid}`);
    await expect(refusal).rejects.toThrow(/DATA_DIR, or set DATABASE_URL/u);
    await remember(first.url);
    expect(await remembered(first.url)).toBe(1);
    expect(await first.stop()).toBe(0);
  });

  test("the owner keeps its right when PostgreSQL ends all connections after a crash of one of its processes", async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    running.push(server);
    const { url } = server;
    const sql = connect(url("postgres"), { max: 1 });
    const [backend] = await sql`select pg_backend_pid() as pid`;
    process.kill(Number(backend?.["pid"]), "SIGKILL");
    await sql.end({ timeout: 0 });
    const held = "select count(*)::int as n from pg_locks where locktype = 'advisory' and granted";
    await expect
      .poll(() => ask(url("postgres"), held).catch(() => undefined), { timeout: 10_000, interval: 50 })
      .toEqual([{ n: 1 }]);
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/in use by another gateway/u);
  });

  test("a server that ends although nobody stopped it is reported with its log", async () => {
    const ended = Promise.withResolvers<Error>();
    const server = await startEmbeddedPostgres({ dataDir, onUnexpectedEnd: ended.resolve });
    running.push(server);
    process.kill(await postmasterOf(dataDir), "SIGINT");
    expect((await ended.promise).message).toMatch(/ended unexpectedly[\s\S]*received fast shutdown request/u);
  });
});
