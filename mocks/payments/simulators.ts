import { createKeyPay } from "../keypay/create-keypay.ts";
import { keypaySettings } from "../keypay/settings.ts";
import { createPaymentPlatform } from "../payment-platform/create-payment-platform.ts";
import { paymentPlatformSettings } from "../payment-platform/settings.ts";
import { createVnpay } from "../vnpay/create-vnpay.ts";
import { vnpaySettings } from "../vnpay/settings.ts";
import type { PaymentSimulatorOptions } from "./options.ts";
import type { SimulatedPayments } from "./simulated-payments.ts";

/** One platform that takes payments: how it is played, and the settings by which the gateway reaches it. */
interface PaymentSimulator {
  create(options: PaymentSimulatorOptions): SimulatedPayments;
  settings(url: string): Readonly<Record<string, string>>;
}

/** The simulators by platform. */
export const PAYMENT_SIMULATORS = {
  "payment-platform": { create: createPaymentPlatform, settings: paymentPlatformSettings },
  keypay: { create: createKeyPay, settings: keypaySettings },
  vnpay: { create: createVnpay, settings: vnpaySettings },
} as const satisfies Readonly<Record<string, PaymentSimulator>>;

/** One platform's id. */
export type SimulatedPaymentPlatform = keyof typeof PAYMENT_SIMULATORS;

/** Where a gateway takes what a platform reports, and where payers come back to (api section 7). */
export const provincePlace = (platform: SimulatedPaymentPlatform, gatewayUrl: string) => ({
  notifyUrl: `${gatewayUrl}/callbacks/payments/${platform}`,
  returnUrl: `${gatewayUrl}/payments/return/${platform}`,
});
