import { nationalPortal } from "./national-portal/adapter.ts";

/** Every platform that the gateway can speak to: one line each. The composition root opens no other file here. */
export const adapters = [nationalPortal] as const;
