import type { Fault } from "../../contracts/adapter.ts";
import { type ErrorCode, GatewayError } from "../../contracts/errors.ts";

/** What a look-up may end with; anything else is a failure of ours. */
const TOLD: readonly ErrorCode[] = [
  "upstream_timeout",
  "upstream_unavailable",
  "upstream_malformed",
  "upstream_rejected",
  "not_configured",
];

/** Codes are told, whatever else a registry says is not: its words may name people. */
const PLAIN_CODE = /^[A-Za-z][A-Za-z0-9._-]{0,79}$|^\d{1,8}$/u;

/** What a caller is told of a fault (api section 5, "Faults"): the code of the table, never the registry's own words. */
export const errorOfFault = ({ outcome, code, platformCode, retryAfterSeconds }: Fault): GatewayError => {
  const told = outcome === "refused" ? "upstream_rejected" : TOLD.find((each) => each === code);
  const isPlain = platformCode !== undefined && PLAIN_CODE.test(platformCode);
  return new GatewayError(told ?? "internal", {
    ...(told === "upstream_rejected" &&
      isPlain && {
        detail: { vi: `Hệ thống quốc gia từ chối (mã ${platformCode}).`, en: `The registry refused: ${platformCode}.` },
      }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
};
