import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

/** What the figures were measured on, as lines of Markdown. */
export const describeMachine = async (postgres: {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
}): Promise<readonly string[]> => {
  const settings = Object.entries(postgres.settings).map(([name, value]) => `${name}=${value}`);
  return [
    `- Date: ${new Date().toISOString()}`,
    `- Machine: ${availableParallelism()} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}; everything below shares it`,
    `- Load average before the run: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(" ")}`,
    `- Node ${process.versions.node}; ${await versionsOf(["postgres", "drizzle-orm", "hono", "undici"])}`,
    `- Peers: ${await versionsOf(["pg-boss", "graphile-worker", "@dbos-inc/dbos-sdk"])}`,
    `- PostgreSQL ${postgres.version}, the same for everyone: ${settings.join(", ")}`,
  ];
};

const versionsOf = async (packages: readonly string[]): Promise<string> => {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { dependencies, devDependencies } = JSON.parse(manifest) as Record<string, Record<string, string>>;
  const versions = { ...devDependencies, ...dependencies };
  return packages.map((name) => `${name} ${versions[name]}`).join(", ");
};
