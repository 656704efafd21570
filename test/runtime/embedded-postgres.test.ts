import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { ensureDatabase } from "../../src/runtime/ensure-database.ts";
import { type ClusterFolder, clusterFolder } from "./cluster-folder.ts";
import { gone, postmasterOf, startGatewayProcess } from "./gateway-process.ts";
import { ask, remember, remembered } from "./remembered-row.ts";

const ROOT = process.getuid?.() === 0;
if (!ROOT) console.warn("two tests of folders are left out: only root starts PostgreSQL as another user");

let folder: ClusterFolder;
let dataDir: string;
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  folder = await clusterFolder();
  dataDir = folder.dataDir;
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await folder.remove();
});

async function start(flags: readonly string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, flags });
  running.push(server);
  return server;
}

describe("a first start", () => {
  test("makes a durable UTF-8 cluster in code-point order with a password of its own", async () => {
    const { url } = await start();
    const setting = async (name: string) => (await ask(url("postgres"), `show ${name}`))[0]?.[name];
    expect(await setting("server_version")).toMatch(/^18\./u);
    expect(await setting("server_encoding")).toBe("UTF8");
    expect([await setting("fsync"), await setting("synchronous_commit")]).toEqual(["on", "on"]);
    expect(await setting("password_encryption")).toBe("scram-sha-256");
    expect((await ask(url("postgres"), "select lower('ĐƠN') as low, 'Z' < 'a' as points"))[0]).toEqual({
      low: "đơn",
      points: true,
    });
    const file = `${dataDir}.password`;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(url("postgres")).toContain((await readFile(file, "utf8")).trim());
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    const wrong = url("postgres").replace(/:[^:@]+@/u, ":postgres@");
    await expect(ask(wrong, "select 1")).rejects.toThrow(/password authentication failed/u);
  });

  test("listens on 127.0.0.1 alone, by no socket file", async () => {
    const { port, url } = await start();
    expect((await ask(url("postgres"), "show unix_socket_directories"))[0]?.["unix_socket_directories"]).toBe("");
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${port}/`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    }
  });

  test("two first starts at once on one folder leave one server, and the other start names its process", async () => {
    const outcomes = await Promise.allSettled([startGatewayProcess(dataDir), startGatewayProcess(dataDir)]);
    const started = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
    expect([started.length, refusals.length]).toEqual([1, 1]);
    expect(refusals[0]).toContain(`process ${started[0]?.pid}`);
    await remember(started[0]?.url ?? "");
    expect(await started[0]?.stop()).toBe(0);
    expect((await readdir(join(dataDir, ".."))).sort()).toEqual(["postgres", "postgres.log", "postgres.password"]);
  });

  test("a folder that holds something else is left alone and named", async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, "letter.txt"), "mine");
    await expect(start()).rejects.toThrow(`${dataDir} is not empty`);
    expect(await readdir(dataDir)).toEqual(["letter.txt"]);
  });
});

describe("a later start", () => {
  test("finds the data of the earlier one", async () => {
    const first = await start();
    await remember(first.url("postgres"));
    await first.stop();
    const second = await start();
    expect(await remembered(second.url("postgres"))).toBe(1);
  });

  test("a stopped server has ended when stop returns, and stopping twice is harmless", async () => {
    const server = await start();
    const pid = await postmasterOf(dataDir);
    await server.stop();
    await server.stop();
    expect(await postmasterOf(dataDir)).toBe(0);
    await gone(pid);
  });

  test("what PostgreSQL says against a start is in the error", async () => {
    await expect(start(["-c", "shared_buffers=nonsense"])).rejects.toThrow(/shared_buffers.*nonsense/u);
    expect(await postmasterOf(dataDir)).toBe(0);
  });

  test("a fixed port that is taken is an error at once", async () => {
    const server = await start();
    const other = startEmbeddedPostgres({ dataDir: join(folder.path, "other"), port: server.port });
    await expect(other).rejects.toThrow(/could not bind/u);
  });

  test("a password file that does not belong to the database is told", async () => {
    await (await start()).stop();
    await writeFile(`${dataDir}.password`, "something else\n");
    await expect(start()).rejects.toThrow(/password kept beside the data directory/u);
    expect(await postmasterOf(dataDir)).toBe(0);
  });
});

describe("folders", () => {
  test.skipIf(!ROOT)("as root, a folder that the user postgres cannot enter is named (needs root)", async () => {
    const closed = join(folder.path, "closed");
    await mkdir(join(closed, "inner"), { recursive: true });
    await chmod(closed, 0o700);
    const refused = startEmbeddedPostgres({ dataDir: join(closed, "inner", "postgres") });
    await expect(refused).rejects.toThrow(`cannot enter the folder ${closed}.`);
    expect(await readdir(join(closed, "inner"))).toEqual([]);
  });

  test.skipIf(!ROOT)("as root, folders that the start makes can be entered under any umask (needs root)", async () => {
    const script = `umask 077; exec "$0" "$1" "$2"`;
    const fixture = new URL("./fixtures/run-embedded-postgres.ts", import.meta.url).pathname;
    const child = spawn("/bin/sh", ["-c", script, process.execPath, fixture, dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    expect(JSON.parse(String(line))).toHaveProperty("port");
    child.kill("SIGTERM");
    await once(child, "exit");
  });
});

test("a database is made once however many ask for it at once, and quoted names are taken as they are", async () => {
  const { url } = await start(["-c", "fsync=off"]);
  const names = ["gateway", `the "other" gateway`];
  await Promise.all(Array.from({ length: 8 }, (_, n) => ensureDatabase(url("postgres"), names[n % 2] ?? "")));
  const made = await ask(url("gateway"), "select datname from pg_database where datname like '%gateway%' order by 1");
  expect(made.map((row) => row["datname"])).toEqual(names);
});
