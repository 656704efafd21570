import type { AdapterDefinition } from "../contracts/adapter.ts";
import { nationalPortal } from "./national-portal/adapter.ts";
import { province } from "./province/adapter.ts";

/** Every platform that the gateway can speak to: one line each. The composition root opens no other file here. */
export const adapters: readonly AdapterDefinition<unknown>[] = [nationalPortal, province];
