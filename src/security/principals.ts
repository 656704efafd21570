import { z } from "zod";
import { isSecretHash } from "./secrets.ts";
import { readJsonSetting, type SettingReading } from "./setting-reading.ts";

/** Whether settings are read for production, which refuses what a demonstration may do (design section 4, `npm run serve`). */
export interface RegistryMode {
  readonly production: boolean;
}

/** Those who may use the gateway (clients or operators), by id. */
export interface Registry<P> {
  readonly all: readonly P[];
  find(id: string): P | undefined;
}

/** What clients and operators have in common: an id and a secret, hashed or (never in production) plain. */
export const principalMembers = {
  // Ids stand in tokens, logs and keys of other tables: no colon (HTTP Basic splits there), no slash, no space.
  id: z.string().regex(/^[A-Za-z0-9._~-]{1,100}$/u, "not 1 to 100 letters, digits, . _ ~ or -"),
  secret: z.string().min(1).max(1024).optional(),
  secretHash: z.string().refine(isSecretHash, "not a hash made by npm run secret:hash").optional(),
};

interface Credentials {
  readonly secret?: unknown;
  readonly secretHash?: unknown;
  readonly jwk?: unknown;
}

// By default a rule about a whole is skipped when one of its parts is at fault; but a setting shows every fault at once.
// The rules below therefore look at records, and at lists, whose members may be anything.
const onAnyRecord = { when: ({ value }: { value: unknown }) => typeof value === "object" && value !== null };
const onAnyList = { when: ({ value }: { value: unknown }) => Array.isArray(value) };

/** Adds the rules that a record's credentials make together: one at least, one form of secret, none plain in production. */
export const withCredentialRules = <S extends z.ZodType<Credentials>>(record: S, { production }: RegistryMode): S =>
  record.superRefine(({ secret, secretHash, jwk }, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (secret === undefined && secretHash === undefined && jwk === undefined) refuse([], "has no credential");
    if (secret !== undefined && secretHash !== undefined) refuse(["secret"], "give secret or secretHash, not both");
    if (secret !== undefined && production) {
      refuse(["secret"], "a plain secret is refused in production: give secretHash (npm run secret:hash)");
    }
  }, onAnyRecord);

const withUniqueIds = <P extends { readonly id: string }>(record: z.ZodType<P>) =>
  z.array(record).superRefine((records, context) => {
    const ids = records.map((each: { id?: unknown } | null) => each?.id);
    for (const [index, id] of ids.entries()) {
      const first = ids.indexOf(id);
      if (typeof id !== "string" || first === index) continue;
      context.addIssue({ code: "custom", path: [index, "id"], message: `repeats that of [${first}]` });
    }
  }, onAnyList);

/** Reads a setting that is a JSON array of records with unique ids. Faults name record and member by position, never by value. */
export const readRegistry = <P extends { readonly id: string }>(
  setting: string,
  source: string,
  record: z.ZodType<P>,
): SettingReading<Registry<P>> => {
  const read = readJsonSetting(setting, source, withUniqueIds(record));
  if (!read.ok) return read;
  const byId = new Map(read.value.map((each) => [each.id, each]));
  return { ok: true, value: { all: read.value, find: (id) => byId.get(id) } };
};
