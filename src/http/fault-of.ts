import { HTTPException } from "hono/http-exception";
import { GatewayError } from "../../contracts/errors.ts";
import { driverError, isDatabaseAway } from "../database/database-away.ts";

/** How soon a caller should come back while our own database is away. */
const RETRY_AFTER_SECONDS = 5;

/** Any failure as an error of the table. What is not foreseen is `internal`, its cause kept for the log. */
export const faultOf = (error: unknown): GatewayError => {
  if (error instanceof GatewayError) return error;
  if (error instanceof HTTPException) return new GatewayError("invalid_request", { cause: error });
  if (isDatabaseAway(error)) {
    return new GatewayError("unavailable", { retryAfterSeconds: RETRY_AFTER_SECONDS, cause: error });
  }
  if (driverError(error)?.constraint_name === "dossiers_portal_code") {
    const detail = { vi: "Mã của Cổng quốc gia đã gắn với hồ sơ khác.", en: "Another dossier has this portal code." };
    return new GatewayError("conflict", { detail });
  }
  return new GatewayError("internal", { cause: error });
};
