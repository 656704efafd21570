import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ClusterFolder, type ClusterTemplate, clusterFolder, clusterTemplate } from "./cluster-folder.ts";
import { type Account, gone, postmasterOf, startGatewayProcess } from "./gateway-process.ts";
import { ask, remember, remembered } from "./remembered-row.ts";

const ROOT = process.getuid?.() === 0;
/** The unprivileged account that every system has. */
const NOBODY: Account | undefined = ROOT ? accountOf("nobody") : undefined;

function accountOf(name: string): Account {
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** The same recovery is owed under both: PostgreSQL as the user postgres below root, and as the user itself. */
const ACCOUNTS: readonly [string, Account | undefined][] = NOBODY
  ? [
      ["root", undefined],
      ["an ordinary user", NOBODY],
    ]
  : [["the present user", undefined]];

describe.each(ACCOUNTS)("after a kill, as %s", (_name, account) => {
  let template: ClusterTemplate;
  let folder: ClusterFolder;
  let dataDir: string;

  beforeAll(async () => {
    template = await clusterTemplate(account);
  });
  beforeEach(async () => {
    folder = await template.copy();
    dataDir = folder.dataDir;
  });
  afterEach(() => folder.remove());
  afterAll(() => template.remove());

  test("of the gateway alone, its server ends by itself and the next start has the data", async () => {
    const first = await startGatewayProcess(dataDir, account);
    await remember(first.url);
    const pid = await postmasterOf(dataDir);
    await first.kill();
    await gone(pid);
    const second = await startGatewayProcess(dataDir, account);
    expect(await remembered(second.url)).toBe(1);
    expect(await second.stop()).toBe(0);
  });

  test("a start in the same moment waits for the old server to end", async () => {
    const first = await startGatewayProcess(dataDir, account);
    await remember(first.url);
    const killed = first.kill();
    const second = await killed.then(() => startGatewayProcess(dataDir, account));
    expect(await remembered(second.url)).toBe(1);
    expect(await second.stop()).toBe(0);
  });

  test("of the gateway and the watcher, the orphaned server is replaced by a watched one", async () => {
    const first = await startGatewayProcess(dataDir, account);
    await remember(first.url);
    const orphan = await postmasterOf(dataDir);
    killAll(watchersOf(orphan));
    await first.kill();
    process.kill(orphan, 0);
    const second = await startGatewayProcess(dataDir, account);
    await gone(orphan);
    expect(await remembered(second.url)).toBe(1);
    const replaced = await postmasterOf(dataDir);
    await second.kill();
    await gone(replaced);
  });

  test("of everything, the stale postmaster.pid is no obstacle", async () => {
    const first = await startGatewayProcess(dataDir, account);
    await remember(first.url);
    const pid = await postmasterOf(dataDir);
    killAll([first.pid, pid, ...watchersOf(pid)]);
    await gone(pid);
    expect(await postmasterOf(dataDir)).toBe(pid);
    const second = await startGatewayProcess(dataDir, account);
    expect(await remembered(second.url)).toBe(1);
    expect(await second.stop()).toBe(0);
  });

  test("of everything, a stale postmaster.pid whose id now is another program's is no obstacle", async () => {
    const first = await startGatewayProcess(dataDir, account);
    await remember(first.url);
    const pid = await postmasterOf(dataDir);
    killAll([first.pid, pid, ...watchersOf(pid)]);
    await gone(pid);
    const stale = await readFile(join(dataDir, "postmaster.pid"), "utf8");
    const server = await stat(join(dataDir, "PG_VERSION"));
    const stranger = spawn("sleep", ["60"], ROOT ? { uid: server.uid, gid: server.gid } : {});
    for (const reused of [process.pid, stranger.pid ?? 0]) {
      await writeFile(join(dataDir, "postmaster.pid"), stale.replace(/^\d+/u, String(reused)));
      const next = await startGatewayProcess(dataDir, account);
      expect(await remembered(next.url)).toBe(1);
      expect(await next.stop()).toBe(0);
    }
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
    await once(stranger, "exit");
  });

  test("in the midst of making the database, the next start makes it anew and a later one clears the remains", async () => {
    await folder.remove();
    folder = await clusterFolder(account);
    dataDir = folder.dataDir;
    const first = startGatewayProcess(dataDir, account);
    const parent = join(dataDir, "..");
    const drafts = async () => (await readdir(parent).catch(() => [])).filter((name) => name.includes(".initdb-"));
    await expect.poll(drafts, { timeout: 10_000, interval: 5 }).toHaveLength(1);
    const victim = Number((await drafts())[0]?.split("-").at(-1));
    process.kill(victim, "SIGKILL");
    await expect(first).rejects.toThrow();
    const second = await startGatewayProcess(dataDir, account);
    expect(await ask(second.url, "select 1 as n")).toEqual([{ n: 1 }]);
    expect(await second.stop()).toBe(0);
    const third = await startGatewayProcess(dataDir, account);
    expect(await third.stop()).toBe(0);
    expect((await readdir(parent)).sort()).toEqual(["postgres", "postgres.log", "postgres.password"]);
  });

  test("Ctrl-C at the terminal reaches the gateway alone, which still has its database while it drains", async () => {
    const first = await startGatewayProcess(dataDir, account);
    // The terminal signals the whole process group in its foreground.
    process.kill(-first.pid, "SIGINT");
    await once(first.child, "exit");
    expect(first.child.exitCode).toBe(0);
    const second = await startGatewayProcess(dataDir, account);
    expect(await ask(second.url, "select what from drained")).toEqual([{ what: "the last work" }]);
    expect(await second.stop()).toBe(0);
  });
});

/** The shell beside the server `postmaster` and the shell's own children that are not the server. */
function watchersOf(postmaster: number): number[] {
  const processes = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/u).map(Number));
  const shell = processes.find(([pid]) => pid === postmaster)?.[1] ?? 0;
  const childrenOf = (parent: number): number[] =>
    processes.flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
  const watcher = childrenOf(shell).filter((pid) => pid !== postmaster);
  return shell > 1 ? [shell, ...watcher, ...watcher.flatMap(childrenOf)] : [];
}

/** Some may have ended in the meantime because others did. */
function killAll(victims: readonly number[]): void {
  for (const pid of victims) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      expect(error).toMatchObject({ code: "ESRCH" });
    }
  }
}
