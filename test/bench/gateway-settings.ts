import { readFileSync } from "node:fs";
import type { BenchGatewayOptions } from "./bench-gateway.ts";

/** Pure: the flags between `node` and the program in an npm script, such as `--max-semi-space-size=8`. */
export const nodeFlagsOf = (script: string): string =>
  /\bnode((?: +--\S+)*) +src\/node\.ts\b/u.exec(script)?.[1]?.trim() ?? "";

/** What `npm start` runs node with: a gateway of the benchmark runs with the same. */
const startFlags = (): string => {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
  return nodeFlagsOf(scripts["start"] ?? "");
};

/** Settings of `npm start` for a gateway of the benchmark: a database that is there, the bench's portal, no simulators. */
export const gatewaySettings = ({
  databaseUrl,
  portalUrl,
  concurrency,
}: BenchGatewayOptions): Readonly<Record<string, string>> => ({
  DATABASE_URL: databaseUrl,
  SIMULATORS: "off",
  NATIONAL_PORTAL_URL: portalUrl,
  NATIONAL_PORTAL_USERNAME: "000.00.00.H04",
  NATIONAL_PORTAL_PASSWORD: "bench-portal-password",
  NATIONAL_PORTAL_CONCURRENCY: String(concurrency),
  // The portal counts what it is told: questions of the schedule would be counted too.
  NATIONAL_PORTAL_FETCH_MS: "off",
  LOG_LEVEL: "error",
  NODE_OPTIONS: startFlags(),
});
