import { isOneOf } from "../security/shared-keys.ts";
import { fingerprintIn, type InboundSettings } from "./inbound-settings.ts";
import { isWithin } from "./networks.ts";

/** Where a call comes from, as the runtime tells it. */
export interface Peer {
  /** The other end of the connection; null: the runtime does not say. */
  readonly address: string | null;
  /** SHA-256 of a client certificate that the runtime itself has checked, in hexadecimal; null: there is none. */
  readonly certificate: string | null;
}

/** A call before its body is read. */
export interface KnockingCall {
  readonly peer: Peer;
  readonly header: (name: string) => string | undefined;
}

/** Why a call is not believed, for the log: never told to the caller. */
export type Distrust = "nothing-configured" | "network" | "certificate" | "key";

/** What is known before the body: refused; believed; or to be believed once the body shows a key. */
export type FirstLook =
  | { readonly kind: "refused"; readonly why: Distrust }
  | { readonly kind: "believed" }
  | { readonly kind: "key-in-body" };

/** Who calls, behind the proxies that are trusted: the last address that is none of them. */
const originOf = ({ peer, header }: KnockingCall, { proxies }: InboundSettings): string | null => {
  const { address } = peer;
  if (address === null || !isWithin(address, proxies)) return address;
  const path = (header("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  return path.findLast((hop) => !isWithin(hop, proxies)) || null;
};

const certificateOf = ({ peer, header }: KnockingCall, settings: InboundSettings): string | null => {
  if (peer.certificate !== null) return fingerprintIn(peer.certificate);
  const { address } = peer;
  if (address === null || !isWithin(address, settings.proxies)) return null;
  return fingerprintIn(header(settings.certificateHeader) ?? "");
};

/** Looks at a call before its body is read. Each means that is configured has to hold. */
export const lookFirst = (call: KnockingCall, settings: InboundSettings): FirstLook => {
  const { keys, certificates, networks } = settings;
  if (keys.length + certificates.length + networks.length === 0) return { kind: "refused", why: "nothing-configured" };
  if (networks.length > 0 && !isWithin(originOf(call, settings) ?? "", networks)) {
    return { kind: "refused", why: "network" };
  }
  if (certificates.length > 0 && !isOneOf(certificateOf(call, settings) ?? "", certificates)) {
    return { kind: "refused", why: "certificate" };
  }
  if (keys.length === 0) return { kind: "believed" };
  const given = call.header("x-api-key");
  if (given === undefined) return { kind: "key-in-body" };
  return isOneOf(given, keys) ? { kind: "believed" } : { kind: "refused", why: "key" };
};

/** Whether the key that a body shows is one of ours. */
export const isBelieved = (keyInBody: string | undefined, { keys }: InboundSettings): boolean =>
  keyInBody !== undefined && isOneOf(keyInBody, keys);
