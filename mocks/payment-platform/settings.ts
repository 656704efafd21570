/** Credentials of the simulator, all invented; those of the test vectors (payment section 5). */
export const PAYMENT_PLATFORM_DEFAULTS = {
  partner: "PP-TINHMAU",
  secret: "PPTEST-0123456789abcdef",
} as const;

/** Paths of the simulator; none of the platform is public. */
export const PATHS = { init: "/init", query: "/query", receipt: "/receipt", files: "/receipts" } as const;

/** The settings by which the gateway reaches the simulator. */
export const paymentPlatformSettings = (url: string): Readonly<Record<string, string>> => ({
  PAYMENT_PLATFORM_INIT_URL: url + PATHS.init,
  PAYMENT_PLATFORM_QUERY_URL: url + PATHS.query,
  PAYMENT_PLATFORM_RECEIPT_URL: url + PATHS.receipt,
  PAYMENT_PLATFORM_PARTNER: PAYMENT_PLATFORM_DEFAULTS.partner,
  PAYMENT_PLATFORM_SECRETS: PAYMENT_PLATFORM_DEFAULTS.secret,
  PAYMENT_PLATFORM_UNKNOWN_CODES: "01",
});
