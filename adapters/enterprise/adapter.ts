import { type Adapter, defineAdapter, type Fault } from "../../contracts/adapter.ts";
import { businessCodeFault } from "../../contracts/identifiers/business-code.ts";
import { BUSINESS_KINDS } from "../../contracts/registries.ts";
import { openClient } from "./client.ts";
import { ADDRESS_SETTING, type EnterpriseConfig, readConfig, SECRET_SETTINGS } from "./config.ts";
import { REGISTERS } from "./registers.ts";

const refusedHere = (message: string): { readonly ok: false; readonly fault: Fault } => ({
  ok: false,
  fault: { outcome: "refused", code: "invalid_request", message },
});

const NOT_OURS = refusedHere("The registers of businesses take no messages.");

/** The registers write the suffix of a unit behind a hyphen (registries section 3.3). */
const hyphened = (code: string): string => code.replace(/^(\d{10})(\d{3})$/u, "$1-$2");

const create = (config: EnterpriseConfig): Adapter => {
  const client = openClient(config);
  const registers = REGISTERS[config.profile];
  return {
    platform: "enterprise",
    profile: config.profile,
    operations: {},
    publicFields: new Set(),
    check: () => [],
    perform: async () => ({ delivered: false, fault: NOT_OURS.fault }),
    businesses: {
      kinds: BUSINESS_KINDS.filter((kind) => registers[kind] !== undefined),
      find: async (kind, code, call) => {
        const askFor = registers[kind];
        if (askFor === undefined) return refusedHere(`This profile has no register of kind ${kind}.`);
        // Looked at again: a code goes into an address, and a wrong one must not come back as "no such business".
        if (businessCodeFault(kind, code) !== null) return refusedHere("This is no code of such a business.");
        return client.ask(askFor(hyphened(code)), call);
      },
    },
  };
};

/**
 * The registers of enterprises, household businesses and cooperatives (DKKD), in the dialect that `ENTERPRISE_PROFILE`
 * names (registries sections 1.4, 2.6, 2.7). Only look-ups: nothing is synced there.
 */
export const enterprise = defineAdapter<EnterpriseConfig>({
  platform: "enterprise",
  addressSetting: ADDRESS_SETTING,
  secretSettings: SECRET_SETTINGS,
  readConfig,
  create,
});
