import { GatewayError } from "../../contracts/errors.ts";
import type { AppContext, Principal } from "./environment.ts";

/**
 * Counts the call against the client's own limit, if it has one (api section 1).
 *
 * @throws GatewayError `rate_limited`, with the time after which a call may be let through again.
 */
export const limitClient = async (c: AppContext, { client }: Principal): Promise<void> => {
  const { database, clientLimits } = c.get("gateway");
  const seconds = await clientLimits.admit(database, client);
  if (seconds === null) return;
  c.set("limited", true);
  // Whole seconds, as HTTP has no others; one at least, or a caller that obeys would come back at once.
  throw new GatewayError("rate_limited", { retryAfterSeconds: Math.max(1, seconds) });
};
