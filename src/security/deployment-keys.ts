import { type Database, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { generateLedgerKey, type LedgerKeys, parseLedgerKeys } from "./ledger-keys.ts";
import type { SettingReading } from "./setting-reading.ts";
import { generateSigningKey, parseSigningKeys, type SigningKeys } from "./signing-keys.ts";

/** The keys of a running deployment. */
export interface DeploymentKeys {
  readonly ledger: LedgerKeys;
  readonly signing: SigningKeys;
}

/** Several processes may start at once: the first one's material stands, and all read that. */
const makeOnce = async (database: Database, tenant: string, purpose: string, material: string): Promise<string> => {
  await database.execute(
    sql`insert into deployment_keys (tenant, purpose, material) values (${tenant}, ${purpose}, ${material}) on conflict do nothing`,
  );
  const [row] = await rows<{ material: string }>(
    database,
    sql`select material from deployment_keys where tenant = ${tenant} and purpose = ${purpose}`,
  );
  if (row === undefined) throw new Error(`the ${purpose} key was not kept`);
  return row.material;
};

const sound = <T>(reading: SettingReading<T>): T => {
  if (!reading.ok) throw new Error(reading.faults.join("; "));
  return reading.value;
};

/**
 * The keys given by the settings, or, in `npm start` alone, keys made once and kept in the database, so that every process shares
 * them and tokens outlive restarts (design section 8). Kept there they protect no more than the database does: production
 * refuses to start without keys of its own.
 */
export const deploymentKeys = async (
  database: Database,
  tenant: string,
  given: { readonly ledgerKeys?: LedgerKeys; readonly signingKeys?: SigningKeys },
): Promise<DeploymentKeys> => {
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const ledger = async () =>
    sound(parseLedgerKeys(await makeOnce(database, tenant, "ledger", generateLedgerKey("local", random))));
  const signing = async () =>
    sound(
      await parseSigningKeys(await makeOnce(database, tenant, "signing", JSON.stringify([await generateSigningKey()]))),
    );
  return { ledger: given.ledgerKeys ?? (await ledger()), signing: given.signingKeys ?? (await signing()) };
};
