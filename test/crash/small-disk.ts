import { execFile } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { connect } from "../../src/runtime/database-connection.ts";
import { serverAccount } from "../../src/runtime/embedded-account.ts";

const run = promisify(execFile);

/** Room for a copy of the migrated template, and some more. */
const SIZE_MB = 96;
const DISK_FULL = "53100";

/** A database on a disk of its own that can be filled to the brim. */
export interface SmallDisk {
  readonly url: string;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

const administer = async (...statements: string[]): Promise<void> => {
  const sql = connect(inject("pgAdminUrl"), { max: 1 });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
};

/** A folder in memory that PostgreSQL may use; null where this machine does not let us mount one. */
const mountFolder = async (): Promise<string | null> => {
  const account = await serverAccount();
  if (account === undefined || process.env["DATABASE_URL"]) return null;
  const folder = await mkdtemp(join(tmpdir(), "ltg-disk-"));
  await chmod(folder, 0o711);
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "tmpfs", folder]);
  } catch {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  await chmod(folder, 0o711);
  const inner = join(folder, "tablespace");
  await mkdir(inner);
  await chown(inner, account.uid, account.gid);
  return folder;
};

/** Grows a table until not one page more fits. */
const fillUp = async (url: string): Promise<void> => {
  const sql = connect(url, { max: 1 });
  try {
    await sql.unsafe("create table if not exists ballast (bytes text)");
    await sql.unsafe("alter table ballast alter column bytes set storage plain");
    for (const rows of [4000, 200, 10, 1]) {
      for (let full = false; !full; ) {
        const added = sql.unsafe(`insert into ballast select repeat('x', 7000) from generate_series(1, ${rows})`);
        await added.catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== DISK_FULL) throw error;
          full = true;
        });
      }
    }
  } finally {
    await sql.end();
  }
};

/** Makes a small disk with a database on it; null where that cannot be had. */
export const openSmallDisk = async (): Promise<SmallDisk | null> => {
  const folder = await mountFolder();
  if (folder === null) return null;
  const name = `small_${process.pid}_${Date.now()}`;
  const unmount = async (): Promise<void> => {
    await run("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await administer(
      `create tablespace ${name} location '${join(folder, "tablespace")}'`,
      `create database ${name} template ${inject("pgTemplate")} tablespace ${name} strategy file_copy`,
    );
  } catch (error) {
    await unmount();
    throw error;
  }
  const url = new URL(inject("pgAdminUrl"));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    fill: () => fillUp(url.href),
    makeRoom: async () => {
      const sql = connect(url.href, { max: 1 });
      await sql.unsafe("drop table ballast").finally(() => sql.end());
    },
    remove: async () => {
      await administer(`drop database ${name} with (force)`, `drop tablespace ${name}`);
      await unmount();
    },
  };
};
