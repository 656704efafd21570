import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type { TestProject } from "vitest/node";
import { createDatabase } from "../src/database/create-database.ts";
import { openMonths } from "../src/retention/open-months.ts";
import { connect } from "../src/runtime/database-connection.ts";
import { startEmbeddedPostgres } from "../src/runtime/embedded-postgres.ts";
import { ensureDatabase } from "../src/runtime/ensure-database.ts";
import { scratchFolder } from "./scratch-folder.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A superuser's address of the test server. */
    pgAdminUrl: string;
    /** The database with the product's schema, from which tests copy theirs. */
    pgTemplate: string;
    /** How it is copied: through the log, or as files, which is quick where no checkpoint has to reach a disk. */
    pgCopy: "wal_log" | "file_copy";
  }
}

const MIGRATIONS = fileURLToPath(new URL("../src/database/migrations", import.meta.url));

/** Fast and forgetful: nothing of a test run outlives it. */
const FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"];

/** Where the gateways that tests start as processes find themselves compiled: a third of a start. */
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/node-compiled", import.meta.url));

/** Before all tests: a PostgreSQL (`DATABASE_URL`, or the embedded one) with a migrated template database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env["NODE_COMPILE_CACHE"] ??= COMPILED;
  const { adminUrl, template, copy, stop } = await testServer(process.env["DATABASE_URL"]);
  try {
    await ensureDatabase(adminUrl, template);
    const url = new URL(adminUrl);
    url.pathname = `/${template}`;
    await migrateTemplate(url.href);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("pgAdminUrl", adminUrl);
  project.provide("pgTemplate", template);
  project.provide("pgCopy", copy);
  return stop;
}

interface TestServer {
  readonly adminUrl: string;
  readonly template: string;
  readonly copy: "wal_log" | "file_copy";
  stop(): Promise<void>;
}

async function testServer(given: string | undefined): Promise<TestServer> {
  if (given) {
    // Somebody else's server: a name of this run's own, dropped at the end.
    const template = `template_app_${randomUUID().replaceAll("-", "")}`;
    return { adminUrl: given, template, copy: "wal_log", stop: () => dropDatabase(given, template) };
  }
  const folder = await scratchFolder("ltg-test-");
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    flags: FORGETFUL.flatMap((setting) => ["-c", setting]),
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { adminUrl: server.url("postgres"), template: "template_app", copy: "file_copy", stop };
}

async function migrateTemplate(url: string): Promise<void> {
  if (!existsSync(join(MIGRATIONS, "meta", "_journal.json"))) return;
  const sql = connect(url, { max: 1 });
  try {
    await migrate(drizzle(sql), { migrationsFolder: MIGRATIONS });
    // As a gateway does when it starts: those of the tests then find it done, and make no table in the middle of one.
    await openMonths(createDatabase(sql));
  } finally {
    // A template cannot be copied while somebody is connected to it.
    await sql.end();
  }
}

async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const sql = connect(adminUrl, { max: 1 });
  await sql`drop database if exists ${sql(name)} with (force)`.finally(() => sql.end());
}
