import type { Operation, PlatformId } from "../../contracts/adapter.ts";
import { type EntryState, PRIORITIES } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { appendEntry } from "../ledger/append-entry.ts";
import { isSubmission } from "../ledger/open-message.ts";
import type { Sealer } from "../security/sealing.ts";
import { lockIfLast, noteRepeated } from "../submissions/repeat-submission.ts";
import { type Carried, presentUpdate, type StoredDossier } from "./present-message.ts";

/** An entry that a replay chose, with its state now. */
export interface ChosenItem {
  key: string;
  entry_id: string;
  platform: PlatformId;
  operation: Operation;
  stream: string;
  subject: string;
  dossier_code: string;
  client: string;
  agency: string;
  state: EntryState;
}

/** What became of the wish to send a delivered entry again. `busy`: somebody works at the dossier, later again. */
export type Repeated =
  | { readonly kind: "repeated"; readonly id: string }
  | { readonly kind: "needless" }
  | { readonly kind: "busy" };

/** Locks the dossier's row, which fixes the order of its stream, without waiting for whoever has it. */
const lockDossierNow = async (executor: Executor, tenant: string, code: string): Promise<StoredDossier | null> => {
  const [row] = await rows<StoredDossier>(
    executor,
    sql`select portal_code, content from dossiers where tenant = ${tenant} and code = ${code} for update skip locked`,
  );
  return row ?? null;
};

const isStored = async (executor: Executor, tenant: string, code: string): Promise<boolean> => {
  const found = await rows(executor, sql`select 1 from dossiers where tenant = ${tenant} and code = ${code}`);
  return found.length > 0;
};

/** Behind a failure the message would wait for a person; an update on its way makes another one needless. */
const isNeedless = async (executor: Executor, tenant: string, { stream, operation }: ChosenItem): Promise<boolean> => {
  const [row] = await rows<{ needless: boolean }>(
    executor,
    sql`select exists (select 1 from pending where tenant = ${tenant} and stream = ${stream}
                       and (state = 'failed' or (operation = 'dossier.put' and ${operation} = 'dossier.put'))) as needless`,
  );
  return row?.needless ?? false;
};

/** What the entry carried; null once retention erased it, for nothing empty is ever sent. */
const payloadOf = async (executor: Executor, tenant: string, item: ChosenItem): Promise<Carried | null> => {
  const [row] = await rows<{ payload: Uint8Array | null }>(
    executor,
    sql`select payload from entries where tenant = ${tenant} and id = ${item.entry_id}::bigint`,
  );
  if (row === undefined) throw new Error("a chosen entry is gone");
  return row.payload === null ? null : { operation: item.operation, payload: row.payload };
};

/** As it was, at the end of its stream; null when there is no need. */
const repeatAsItWas = async (executor: Executor, tenant: string, item: ChosenItem, correlationId: string) => {
  if (await isNeedless(executor, tenant, item)) return null;
  const { platform, stream, subject, dossier_code: dossierCode, client, agency } = item;
  const carried = await payloadOf(executor, tenant, item);
  if (carried === null) return null;
  const entry = { platform, stream, subject, dossierCode, client, agency, correlationId, ...carried };
  return appendEntry(executor, tenant, { ...entry, priority: PRIORITIES.bulk }, null);
};

/** In the transaction that made it: nobody has seen the entry without this. */
const noteReplayOf = async (executor: Executor, tenant: string, id: string, item: ChosenItem): Promise<void> => {
  await executor.execute(
    sql`update entries set replay_of = ${item.entry_id}::bigint where tenant = ${tenant} and id = ${id}::bigint`,
  );
};

/** What is about no dossier, again: an event, or what goes to the portal besides dossiers. */
const repeatUndossiered = async (
  executor: Executor,
  tenant: string,
  item: ChosenItem,
  correlationId: string,
): Promise<Repeated> => {
  // An event changes nothing of ours: nothing has to be locked for it.
  const locks = isSubmission(item.operation);
  const place = locks ? await lockIfLast(executor, tenant, item) : "last";
  if (place === "busy") return { kind: "busy" };
  const id = place === "last" ? await repeatAsItWas(executor, tenant, item, correlationId) : null;
  if (id === null) return { kind: "needless" };
  if (locks) await noteRepeated(executor, tenant, item, id);
  await noteReplayOf(executor, tenant, id, item);
  return { kind: "repeated", id };
};

/**
 * Sends a delivered entry again by a new one at the end of its stream: an update with the dossier as it is now, anything
 * else as it was. It goes behind what callers send, at the priority of bulk work.
 */
export const repeatDelivered = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  item: ChosenItem,
  correlationId: string,
): Promise<Repeated> => {
  if (item.operation === "webhook.deliver" || isSubmission(item.operation)) {
    return repeatUndossiered(executor, tenant, item, correlationId);
  }
  const dossier = await lockDossierNow(executor, tenant, item.dossier_code);
  if (dossier === null) {
    return { kind: (await isStored(executor, tenant, item.dossier_code)) ? "busy" : "needless" };
  }
  if (await isNeedless(executor, tenant, item)) return { kind: "needless" };
  const isUpdate = item.operation === "dossier.put";
  const carried = isUpdate
    ? presentUpdate(sealer, tenant, item.dossier_code, dossier)
    : await payloadOf(executor, tenant, item);
  if (carried === null) return { kind: "needless" };
  const { platform, stream, subject, dossier_code: dossierCode, client, agency } = item;
  const entry = { platform, stream, subject, dossierCode, client, agency, correlationId, ...carried };
  const id = await appendEntry(executor, tenant, { ...entry, priority: PRIORITIES.bulk }, null);
  await noteReplayOf(executor, tenant, id, item);
  if (isUpdate) {
    // An equal PUT names the exchange that carries the dossier now.
    await executor.execute(
      sql`update dossiers set exchange_id = ${id}::bigint where tenant = ${tenant} and code = ${item.dossier_code}`,
    );
  }
  return { kind: "repeated", id };
};
