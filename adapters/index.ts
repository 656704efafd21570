import type { AdapterDefinition } from "../contracts/adapter.ts";
import { enterprise } from "./enterprise/adapter.ts";
import { keypay } from "./keypay/adapter.ts";
import { nationalPortal } from "./national-portal/adapter.ts";
import { paymentPlatform } from "./payment-platform/adapter.ts";
import { population } from "./population/adapter.ts";
import { province } from "./province/adapter.ts";
import { vnpay } from "./vnpay/adapter.ts";

/** Every platform that the gateway can speak to: one line each. The composition root opens no other file here. */
export const adapters: readonly AdapterDefinition<unknown>[] = [
  ...[nationalPortal, population, province, enterprise],
  ...[paymentPlatform, keypay, vnpay],
];
