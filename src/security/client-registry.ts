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
});

/**
 * Software of the province that may call the API: one item of `CLIENTS` (design section 8). `jwk` verifies its
 * assertions; `agency` bounds what it reaches; `returnOrigins` are where payers may be sent back to.
 */
export type Client = Readonly<z.infer<typeof client>>;

/** The clients of the deployment. */
export type ClientRegistry = Registry<Client>;

/** Reads `CLIENTS`, a JSON array. */
export const parseClients = (source: string, mode: RegistryMode): SettingReading<ClientRegistry> =>
  readRegistry("CLIENTS", source, withCredentialRules(client, mode));
