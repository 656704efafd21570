import { type Adapter, defineAdapter, type Fault } from "../../contracts/adapter.ts";
import { openRegistry } from "./client.ts";
import { ADDRESS_SETTING, type PopulationConfig, readConfig } from "./config.ts";
import { SECRET_SETTINGS } from "./settings.ts";

const NOT_OURS: Fault = {
  outcome: "refused",
  code: "invalid_request",
  message: "The population registry is asked; it takes no messages.",
};

const create = (config: PopulationConfig): Adapter => ({
  platform: "population",
  profile: config.profile,
  operations: {},
  publicFields: new Set(["mayeucau", "madvc", "matichhop", "madonvi"]),
  check: () => [],
  perform: async () => ({ delivered: false, fault: NOT_OURS }),
  citizens: openRegistry(config),
});

/**
 * The population registry (Cơ sở dữ liệu quốc gia về dân cư): one citizen is looked up by number, name and birth date, in
 * the dialect that `POPULATION_PROFILE` names (document `registries`, section 1.3). Nothing is written there.
 */
export const population = defineAdapter<PopulationConfig>({
  platform: "population",
  addressSetting: ADDRESS_SETTING,
  secretSettings: SECRET_SETTINGS,
  readConfig,
  create,
});
