import { nationalPortal } from "../../../adapters/national-portal/adapter.ts";
import type { Adapter, Settings } from "../../../contracts/adapter.ts";

/** Invented settings of a province. */
export const settings: Settings = {
  NATIONAL_PORTAL_URL: "http://security-server.test:8080/XrdAdapter/RestService/forward",
  NATIONAL_PORTAL_USERNAME: "000.00.00.H99",
  NATIONAL_PORTAL_PASSWORD: "mật-khẩu/bí mật",
  NATIONAL_PORTAL_DSTCODE: "VN:GOV:000.00.00.G22:vpcpdvcprovider",
  AGENCY_CODE: "H99",
};

/** The adapter as the composition root would make it. */
export const openPortal = (changes: Settings = {}): Adapter => {
  const reading = nationalPortal.readConfig({ ...settings, ...changes });
  if (reading.kind !== "configured") throw new Error(`settings are ${JSON.stringify(reading)}`);
  return nationalPortal.create(reading.config);
};
