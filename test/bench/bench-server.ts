import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sql } from "postgres";
import { connect } from "../../src/runtime/database-connection.ts";
import { startEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { migrateDatabase } from "../../src/runtime/node-migrate.ts";

/** Without these a commit is no promise: the benchmark refuses to measure. */
const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" } as const;

/** Printed with the figures: what they depend on. */
const SHOWN = [
  ...Object.keys(DURABLE),
  "wal_sync_method",
  "shared_buffers",
  "max_wal_size",
  "wal_compression",
  "io_method",
  "jit",
  "autovacuum",
];

/** The PostgreSQL that everyone in a run shares: the embedded one, as `npm start` runs it. */
export interface BenchServer {
  readonly version: string;
  /** Name and value of the settings that matter. */
  readonly settings: Readonly<Record<string, string>>;
  /** A new database without a schema, for a peer that brings its own; answers its address. */
  empty(name: string): Promise<string>;
  /** A new database with the product's schema; answers its address. */
  migrated(name: string): Promise<string>;
  /** A copy of a database that nobody is connected to. */
  copy(from: string, name: string): Promise<string>;
  /** Writes everything to disk, so that no measurement pays for the one before it. */
  checkpoint(): Promise<void>;
  /** Statistics as autovacuum would have gathered them by the time a table has grown so large. */
  analyze(url: string): Promise<void>;
  stop(): Promise<void>;
}

const within = async <T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
  const sql = connect(url, { max: 1, applicationName: "bench" });
  return work(sql).finally(() => sql.end());
};

const show = async (sql: Sql, name: string): Promise<string> => {
  const [row] = await sql.unsafe(`show ${name}`);
  return String(row?.[name]);
};

/** @throws unless every commit waits for the disk. */
const assertDurable = async (url: string): Promise<void> => {
  await within(url, async (sql) => {
    for (const [name, wanted] of Object.entries(DURABLE)) {
      const value = await show(sql, name);
      if (value !== wanted) throw new Error(`${name} is ${value}: figures without durability are worth nothing`);
    }
  });
};

/** Starts the server in a folder of its own, which `stop` removes. */
export const startBenchServer = async (): Promise<BenchServer> => {
  const folder = await mkdtemp(join(tmpdir(), "ltg-bench-"));
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  const admin = connect(server.url("postgres"), { max: 1, applicationName: "bench" });
  const settings: Record<string, string> = {};
  for (const name of SHOWN) settings[name] = await show(admin, name);
  const empty = async (name: string): Promise<string> => {
    await admin`create database ${admin(name)}`;
    await assertDurable(server.url(name));
    return server.url(name);
  };
  return {
    version: await show(admin, "server_version"),
    settings,
    empty,
    migrated: async (name) => {
      const url = await empty(name);
      await migrateDatabase(url);
      return url;
    },
    copy: async (from, name) => {
      await admin`create database ${admin(name)} template ${admin(from)}`;
      await assertDurable(server.url(name));
      return server.url(name);
    },
    checkpoint: async () => {
      await admin`checkpoint`;
    },
    analyze: (url) =>
      within(url, async (sql) => {
        await sql`vacuum (analyze)`;
      }),
    stop: async () => {
      await admin.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
