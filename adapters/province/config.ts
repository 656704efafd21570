import type { ConfigReading, Settings } from "../../contracts/adapter.ts";

/** What the adapter needs to push webhooks. */
export interface ProvinceConfig {
  /** `WEBHOOK_ALLOW_PRIVATE`: addresses of one's own network and plain http are allowed. */
  readonly allowPrivate: boolean;
}

/** Reads `WEBHOOK_ALLOW_PRIVATE` (design section 8). The software we serve has no address in the settings: it registers its own. */
export const readConfig = (settings: Settings): ConfigReading<ProvinceConfig> => {
  const given = settings["WEBHOOK_ALLOW_PRIVATE"] || "false";
  if (given !== "true" && given !== "false") {
    return { kind: "faulty", faults: ["WEBHOOK_ALLOW_PRIVATE is not one of true, false"] };
  }
  return { kind: "configured", config: { allowPrivate: given === "true" } };
};
