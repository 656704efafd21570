import type { Peer } from "../portal-inbound/authenticity.ts";
import type { AppContext } from "./environment.ts";

/** What Node's server and Workers tell of a connection, as far as it is read here. */
interface NodeSocket {
  readonly remoteAddress?: string;
  readonly authorized?: boolean;
  getPeerCertificate?(): { readonly fingerprint256?: string } | null;
}
interface WorkerRequest {
  readonly cf?: {
    readonly tlsClientAuth?: { readonly certVerified?: string; readonly certFingerprintSHA256?: string };
  };
}

const nodeCertificate = (socket: NodeSocket | undefined): string | null =>
  socket?.authorized === true ? (socket.getPeerCertificate?.()?.fingerprint256 ?? null) : null;

const workerCertificate = ({ cf }: WorkerRequest): string | null => {
  const { certVerified, certFingerprintSHA256 } = cf?.tlsClientAuth ?? {};
  return certVerified === "SUCCESS" ? (certFingerprintSHA256 ?? null) : null;
};

/** Where a call comes from, as the runtime tells. On Workers the address is in a header that Cloudflare itself sets. */
export const peerOf = (c: AppContext): Peer => {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: NodeSocket } };
  const request = c.req.raw as unknown as WorkerRequest;
  if (incoming !== undefined) {
    return { address: incoming.socket?.remoteAddress ?? null, certificate: nodeCertificate(incoming.socket) };
  }
  const address = request.cf === undefined ? null : (c.req.header("cf-connecting-ip") ?? null);
  return { address, certificate: workerCertificate(request) };
};
