import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { connect } from "../src/runtime/database-connection.ts";

/** A database of one test's own, with the product's schema. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it, ending whatever connections are left. */
  drop(): Promise<void>;
}

/** Copies the migrated template that test/global-setup.ts made. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `t_${randomUUID().replaceAll("-", "")}`;
  await administer(`create database ${name} template ${inject("pgTemplate")} strategy ${inject("pgCopy")}`);
  const url = new URL(inject("pgAdminUrl"));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) };
}

async function administer(statement: string): Promise<void> {
  const sql = connect(inject("pgAdminUrl"), { max: 1 });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
