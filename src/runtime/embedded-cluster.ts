import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  access,
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { asAccount, assertPassable, type ServerAccount } from "./embedded-account.ts";
import type { PostgresBinaries } from "./embedded-binaries.ts";
import { isAlive } from "./embedded-postmaster.ts";

const run = promisify(execFile);

/** All that PostgreSQL's programs need from the environment; the gateway's own may hold secrets. */
export const SERVER_ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" } as const;

/** A data directory that holds a whole database cluster. */
export interface Cluster {
  /** Real path of the data directory. */
  readonly dataDir: string;
  /** PostgreSQL's log, beside the data directory. */
  readonly logFile: string;
  readonly password: string;
  readonly account: ServerAccount | undefined;
  readonly binaries: PostgresBinaries;
}

/** What to prepare. */
export interface ClusterOptions {
  readonly dataDir: string;
  readonly account: ServerAccount | undefined;
  readonly binaries: PostgresBinaries;
  /** Wait until the new cluster is on the disk. */
  readonly durable: boolean;
}

/** Opens the cluster in `dataDir`, making it on the first start: UTF-8, code-point order, a random password. */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const { account, binaries } = options;
  const parent = await makeParent(dirname(resolve(options.dataDir)), account);
  const dataDir = await realpath(options.dataDir).catch(() => join(parent, basename(options.dataDir)));
  await assertPassable(account, [dirname(dataDir), binaries.folder]);
  await removeLeftovers(dataDir);
  const exists = await holdsCluster(dataDir);
  const passwordFile = `${dataDir}.password`;
  if (!exists) await makePassword(passwordFile, account);
  const password = await readPassword(passwordFile);
  const cluster = { dataDir, logFile: `${dataDir}.log`, password, account, binaries };
  if (!exists) await makeCluster(cluster, passwordFile, options.durable);
  return cluster;
}

/** The folder's real path. What is made here can be passed by the database's account, whatever the umask. */
async function makeParent(parent: string, account: ServerAccount | undefined): Promise<string> {
  const outermost = await mkdir(parent, { recursive: true });
  if (account && outermost !== undefined) {
    for (let made = parent; made.length >= outermost.length; made = dirname(made)) await chmod(made, 0o711);
  }
  return realpath(parent);
}

const holdsCluster = (dataDir: string): Promise<boolean> =>
  access(join(dataDir, "PG_VERSION")).then(
    () => true,
    () => false,
  );

/** The superuser's password. */
async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new Error(`The database's password is kept in ${file}, which cannot be read.`, { cause });
  }
}

/**
 * Makes a password unless there is one. Whole or not at all, and the first of several processes wins: written
 * aside, then linked to its name. It belongs to the database's account, because initdb reads it too.
 */
async function makePassword(file: string, account: ServerAccount | undefined): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  if (account) await chown(draft, account.uid, account.gid);
  await link(draft, file).catch((error: unknown) => {
    if (!hasCode(error, "EEXIST")) throw error;
  });
  await rm(draft);
}

/**
 * initdb works in a folder of its own that gets its name when it is whole, so that a kill half-way leaves nothing
 * that looks like a cluster. Of two gateways that do it at once, one wins and the other uses the winner's.
 */
async function makeCluster(cluster: Cluster, passwordFile: string, durable: boolean): Promise<void> {
  const { dataDir, account, binaries } = cluster;
  const draft = `${dataDir}.initdb-${process.pid}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    if (account) await chown(draft, account.uid, account.gid);
    const flags = initdbFlags(draft, passwordFile, durable);
    await run(binaries.initdb, flags, { ...asAccount(account), cwd: "/", env: SERVER_ENVIRONMENT });
    await rename(draft, dataDir);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (await holdsCluster(dataDir)) return;
    if (hasCode(cause, "ENOTEMPTY") || hasCode(cause, "EEXIST") || hasCode(cause, "ENOTDIR")) {
      throw new Error(`${dataDir} is not empty and holds no PostgreSQL database. Choose another DATA_DIR.`, { cause });
    }
    throw new Error(`The database in ${dataDir} could not be made: ${programOutput(cause)}`, { cause });
  }
}

/** PostgreSQL's own locale provider sorts and folds case alike on every system, whatever locales it has. */
const initdbFlags = (folder: string, passwordFile: string, durable: boolean): string[] => [
  `--pgdata=${folder}`,
  "--username=postgres",
  `--pwfile=${passwordFile}`,
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  ...(durable ? [] : ["--no-sync"]),
];

/** Removes what initdb left behind under a process that was killed; if that initdb is still at work, a later start does. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.initdb-`;
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(dataDir), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

function programOutput(error: unknown): string {
  if (error instanceof Error && "stderr" in error && typeof error.stderr === "string") return error.stderr.trim();
  return String(error);
}
