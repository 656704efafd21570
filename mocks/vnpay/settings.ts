/** Credentials of the simulator, all invented; those of the test vectors (payment section 5). */
export const VNPAY_DEFAULTS = { terminal: "TINHMAU1", secret: "VNPAYTESTSECRET0123456789ABCDEF" } as const;

/** Paths of the simulator, as the real ones are called. */
export const PATHS = { pay: "/paymentv2/vpcpay.html", api: "/merchant_webapi/api/transaction" } as const;

/** The settings by which the gateway reaches the simulator. */
export const vnpaySettings = (url: string): Readonly<Record<string, string>> => ({
  VNPAY_PAY_URL: url + PATHS.pay,
  VNPAY_API_URL: url + PATHS.api,
  VNPAY_TMN_CODE: VNPAY_DEFAULTS.terminal,
  VNPAY_SECRET: VNPAY_DEFAULTS.secret,
});
