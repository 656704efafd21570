import { z } from "zod";
import { agencyCode } from "../../contracts/identifiers.ts";
import { publicP256Jwk } from "./p256-jwk.ts";
import { principalMembers, type Registry, type RegistryMode, readRegistry, withCredentialRules } from "./principals.ts";
import { GRANTABLE_SCOPES } from "./scopes.ts";
import type { SettingReading } from "./setting-reading.ts";

const isWebOrigin = (value: string): boolean => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && /^https?:$/u.test(url.protocol) && url.origin === value;
};

const client = z.strictObject({
  ...principalMembers,
  jwk: publicP256Jwk.optional(),
  scopes: z.array(z.enum(GRANTABLE_SCOPES)).min(1),
  agency: agencyCode,
  returnOrigins: z.array(z.string().refine(isWebOrigin, "not an origin such as https://host")).optional(),
  ratePerSecond: z.number().min(0.01).max(100_000).optional(),
  burst: z.int().min(1).max(1_000_000).optional(),
});

/**
 * Software of the province that may call the API: one item of `CLIENTS` (design section 8). `jwk` verifies its
 * assertions; `agency` bounds what it reaches; `returnOrigins` are where payers may be sent back to. `ratePerSecond` is
 * how many calls it may make, over all processes, and `burst` how many at once after a pause (a second's worth unless
 * given); absent: no limit.
 */
export type Client = Readonly<z.infer<typeof client>>;

/** A burst is a burst of a rate: alone it would be taken for a limit and limit nothing. */
const limited = client.refine(({ ratePerSecond, burst }) => burst === undefined || ratePerSecond !== undefined, {
  path: ["burst"],
  message: "needs ratePerSecond",
});

/** The clients of the deployment. */
export type ClientRegistry = Registry<Client>;

/** Reads `CLIENTS`, a JSON array. */
export const parseClients = (source: string, mode: RegistryMode): SettingReading<ClientRegistry> =>
  readRegistry("CLIENTS", source, withCredentialRules(limited, mode));
