import type { Reading } from "../../../../contracts/adapter.ts";
import type { MapiConfig } from "../../config.ts";
import type { Dialect } from "../../dialect.ts";
import { downloadFile, noFile } from "../../download.ts";

/** The address, if it is one that may be followed: at the portal itself, or at a host that the administrator named. */
const allowed = (address: string, hosts: ReadonlySet<string>): string | null => {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isPlain = /^https?:$/u.test(url.protocol) && url.username === "" && url.password === "";
  return isPlain && hosts.has(url.host) ? url.href : null;
};

/**
 * Files that the portal sends as addresses (np 2.6, 3.6). What a message names is followed to the hosts of the settings alone, with
 * nothing of our session, and no redirect.
 */
export const openMapiFiles = (config: MapiConfig): NonNullable<NonNullable<Dialect["fetching"]>["files"]> => {
  const hosts = new Set([new URL(config.url).host, ...config.fileHosts]);
  return {
    download: async (address, keep, call): Promise<Reading<null>> => {
      const url = allowed(address, hosts);
      if (url === null) {
        return noFile("forbidden", "The address is at no host of NATIONAL_PORTAL_URL or NATIONAL_PORTAL_FILE_HOSTS");
      }
      return downloadFile({ url, headers: {}, evidence: JSON.stringify({ url }), secrets: [] }, keep, call);
    },
  };
};
