import type { SettingsReader } from "./settings-reader.ts";

/** One service behind X-Road, and the address by which an adapter means it. */
export interface XRoadService {
  /** Without a slash at its end: what a request's address begins with. */
  readonly address: string;
  /** instance, class, member, subsystem, service; for SOAP also its version. Decoded. */
  readonly service: readonly string[];
}

/** How one platform's calls go through a security server of the province (`<P>_XROAD_*`). */
export interface PlatformXRoad {
  readonly protocol: "rest" | "soap";
  /** Address of the security server, without a slash at its end. */
  readonly server: string;
  /** instance, class, member, subsystem of the calling system, as registered. Decoded. */
  readonly consumer: readonly string[];
  /** The longest address first. */
  readonly services: readonly XRoadService[];
}

/** X-Road takes no identifier with these (registries section 6.1); the slash stands between parts. */
const FORBIDDEN = /[/\\:;%]|\p{Cc}/u;

/** The parts of `instance/class/member/...`, each percent-encoded or plain; null when it is no identifier. */
const partsOf = (identifier: string, fewest: number, most: number): readonly string[] | null => {
  try {
    const parts = identifier.split("/").map(decodeURIComponent);
    const fits = parts.length >= fewest && parts.length <= most;
    return fits && parts.every((part) => part !== "" && part !== "." && part !== ".." && !FORBIDDEN.test(part))
      ? parts
      : null;
  } catch {
    return null;
  }
};

const isAddress = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/u.test(url.protocol) && url.search === "" && url.hash === "" && url.username === "";
};

const withoutSlash = (address: string): string => address.replace(/\/+$/u, "");

const objectOf = (json: string): readonly [string, unknown][] | null => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
  } catch {
    return null;
  }
};

const readServices = (json: string, protocol: PlatformXRoad["protocol"]): readonly XRoadService[] | null => {
  const given = objectOf(json);
  if (given === null || given.length === 0) return null;
  const services = given.flatMap(([address, identifier]) => {
    const service = typeof identifier === "string" ? partsOf(identifier, 5, protocol === "soap" ? 6 : 5) : null;
    return service === null || !isAddress(address) ? [] : [{ address: withoutSlash(address), service }];
  });
  if (services.length < given.length) return null;
  return services.toSorted((one, other) => other.address.length - one.address.length);
};

/**
 * Reads how one platform is called through X-Road; null: it is called directly. `_XROAD_SERVER` turns it on and needs the
 * others. (`POPULATION_XROAD_CLIENT` is another thing: a plain header towards a platform that asks for one.)
 *
 * @param prefix what the names begin with: `ENTERPRISE`.
 */
export const readPlatformXRoad = (reader: SettingsReader, prefix: string): PlatformXRoad | null => {
  const nameOf = (name: string) => `${prefix}_${name}`;
  const server = reader.text(nameOf("XROAD_SERVER"));
  const protocol = reader.oneOf(nameOf("XROAD_PROTOCOL"), ["rest", "soap"] as const, "rest");
  const consumer = reader.text(nameOf("XROAD_CONSUMER"));
  const services = reader.text(nameOf("XROAD_SERVICES"));
  if (server === undefined) {
    if (consumer !== undefined || services !== undefined)
      reader.fault(`${nameOf("XROAD_SERVER")} is missing: the address of the province's own security server`);
    return null;
  }
  if (!isAddress(server)) reader.fault(`${nameOf("XROAD_SERVER")} is not an http or https address without a query`);
  const parts = partsOf(consumer ?? "", 3, 4);
  if (parts === null) reader.fault(`${nameOf("XROAD_CONSUMER")} is not instance/class/member/subsystem`);
  const routes = readServices(services ?? "", protocol);
  if (routes === null) {
    const shape = '{"https://address": "instance/class/member/subsystem/service"}';
    reader.fault(`${nameOf("XROAD_SERVICES")} is not a JSON object such as ${shape}`);
  }
  return { protocol, server: withoutSlash(server), consumer: parts ?? [], services: routes ?? [] };
};
