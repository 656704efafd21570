import type { MapiConfig } from "../../config.ts";
import type { Dialect } from "../../dialect.ts";
import { openOwnObjects } from "../../own-objects.ts";
import { openMapiClient, openMapiPreview } from "./mapi-client.ts";
import { MAPI } from "./mapi-table.ts";

/** Opens shape A, "mapi" (np 1.1). */
export const openMapi = (config: MapiConfig): Dialect =>
  openOwnObjects(MAPI, openMapiClient(config), openMapiPreview(config));
