/** Credentials of the simulator, all invented; the keys are those of the test vectors (payment section 5). */
export const KEYPAY_DEFAULTS = { clientId: "TINHMAU01", key1: "KEY1-abcdef", key2: "KEY2-ghijkl" } as const;

/** Paths of the simulator; none of KeyPay is public. */
export const PATHS = { create: "/v3/create", detail: "/v3/detail", refund: "/v3/refund" } as const;

/** What only this simulator says: the statuses beside 0, and the error of an unknown transaction, are not public. */
export const OWN_CODES = { pending: "1", failed: "3", notFound: "404", error: "1" } as const;

/** The settings by which the gateway reaches the simulator. */
export const keypaySettings = (url: string): Readonly<Record<string, string>> => ({
  KEYPAY_URL: url + PATHS.create,
  KEYPAY_DETAIL_URL: url + PATHS.detail,
  KEYPAY_REFUND_URL: url + PATHS.refund,
  KEYPAY_CLIENT_ID: KEYPAY_DEFAULTS.clientId,
  KEYPAY_KEY_1: KEYPAY_DEFAULTS.key1,
  KEYPAY_KEY_2: KEYPAY_DEFAULTS.key2,
  KEYPAY_FAILED_STATUSES: OWN_CODES.failed,
  KEYPAY_UNKNOWN_CODES: OWN_CODES.notFound,
});
