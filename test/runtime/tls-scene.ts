import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { type Issued, makeCertificate } from "./make-certificate.ts";

/** A platform that answers with the name in the certificate it was shown, and demands one. */
export interface MutualServer {
  readonly url: string;
  /** Requests that reached the application. */
  readonly seen: readonly string[];
  /** What the next requests wait for before they are answered. */
  hold(until: Promise<unknown>): void;
  close(): Promise<void>;
}

/** Starts such a platform: it shows a certificate of `authority` and trusts those of `trusted`. */
export const startMutualServer = async (authority: Issued, trusted: Issued = authority): Promise<MutualServer> => {
  const own = makeCertificate("platform", { issuer: authority });
  const seen: string[] = [];
  let held: Promise<unknown> = Promise.resolve();
  const server = createServer(
    { cert: own.cert, key: own.key, ca: trusted.cert, requestCert: true, rejectUnauthorized: true },
    async (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      const name = String(subject.CN);
      seen.push(name);
      await held;
      response.end(name);
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    hold: (until) => {
      held = until;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

/** A folder of TLS files that goes away with the test. */
export const openTlsFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "ltg-tls-"));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
