import type { LookupFunction } from "node:net";
import type { PlatformId, Transport } from "../../contracts/adapter.ts";
import type { Config } from "../config.ts";
import type { Database } from "../database/database.ts";
import { faultFields, type Log } from "../log.ts";
import { noteCertificate } from "../resilience/note-certificate.ts";
import { watchTls } from "./node-tls-watch.ts";
import { createNodeTransport } from "./node-transport.ts";

/** What the connections to one platform are made of. */
export interface PlatformTransportParts {
  readonly config: Pick<Config, "guards" | "tls" | "provinceCode">;
  readonly database: Database;
  readonly log: Log;
  /** How often TLS files are looked at, in milliseconds; 10 s unless given. */
  readonly checkMs?: number;
  /** In the place of the system's look-up of names. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * The connections of this process to one platform, with its own certificate where one is configured. When the
 * certificate ends stands in the database from then on; without one, nothing stands there.
 *
 * @throws ConfigError when the TLS files cannot be used.
 */
export const openPlatformTransport = (
  platform: PlatformId,
  { config, database, log, checkMs, lookup }: PlatformTransportParts,
): { readonly transport: Transport; close(): Promise<void> } => {
  const { concurrency, timeoutMs } = config.guards(platform);
  const limits = { connections: concurrency, connectTimeoutMs: timeoutMs, ...(lookup && { lookup }) };
  const note = (expiresAt: Date | null) => noteCertificate(database, config.provinceCode, platform, expiresAt);
  const tls = config.tls(platform);
  if (tls === null) {
    note(null).catch((error: unknown) => log.warn({ platform, ...faultFields(error) }, "no certificate: not noted"));
    return createNodeTransport(limits);
  }
  const watch = watchTls({
    platform,
    tls,
    log,
    note,
    onChange: ({ expiresAt: _expiresAt, ...material }) => node.renewTls(material),
    ...(checkMs !== undefined && { checkMs }),
  });
  const { expiresAt: _expiresAt, ...material } = watch.material;
  const node = createNodeTransport({ ...limits, tls: material });
  return {
    transport: node.transport,
    close: () => {
      watch.stop();
      return node.close();
    },
  };
};
