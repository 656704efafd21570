import type { InboundCall, Push, PushedDossier } from "../../../contracts/portal-inbound.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { InboundParts } from "../inbound-parts.ts";
import { type ReadBody, readingOf } from "../read-body.ts";
import { type CameIn, parkUnread } from "../receive-push.ts";
import { understand } from "../understand.ts";

/** More rows than any list has; the rest waits for the next round. */
const MOST_ROWS = 20_000;

/** Binds a row to its dossier. */
export const rowContext = (tenant: string, code: string): string => `fetched:${tenant}:${code}`;

/** A row that says what it is. */
interface ReadRow {
  readonly body: ReadBody;
  readonly push: Push;
}

/** Rows of a list, sorted into what can be read and what cannot. */
export interface SortedRows {
  readonly read: readonly ReadRow[];
  readonly unread: readonly { readonly came: CameIn; readonly understood: Awaited<ReturnType<typeof understand>> }[];
}

/** Reads the rows of a list, each as a message of its own with its bytes. */
export const sortRows = async (
  parts: InboundParts,
  call: InboundCall,
  listed: readonly unknown[],
  correlationId: string,
): Promise<SortedRows> => {
  const read: ReadRow[] = [];
  const unread: SortedRows["unread"][number][] = [];
  for (const row of listed.slice(0, MOST_ROWS)) {
    const body = readingOf(Buffer.from(JSON.stringify(row ?? null)));
    const understood = await understand(parts, call, body);
    if (understood.ok) read.push({ body, push: understood.prepared.push });
    else unread.push({ came: { call, body, correlationId }, understood });
  }
  return { read, unread };
};

/** Parks what cannot be read, each message once. @returns how many were new */
export const parkRows = async (
  executor: Executor,
  parts: InboundParts,
  unread: SortedRows["unread"],
): Promise<number> => {
  let parked = 0;
  for (const { came, understood } of unread) {
    if (!understood.ok && (await parkUnread(executor, parts, came, understood.parking))) parked += 1;
  }
  return parked;
};

const isDossier = (row: ReadRow): row is ReadRow & { readonly push: PushedDossier } => row.push.kind === "dossier";

/**
 * Notes the dossiers of a list that were not seen before, each code once: of two rows of one code the first counts, the next round
 * would bring it again anyway.
 */
export const noteDossiers = async (
  executor: Executor,
  { tenant, sealer }: InboundParts,
  read: readonly ReadRow[],
): Promise<void> => {
  const byCode = new Map<string, ReadBody>();
  for (const { push, body } of read.filter(isDossier)) if (!byCode.has(push.code)) byCode.set(push.code, body);
  const known = await rows<{ code: string }>(
    executor,
    sql`select code from portal_fetched where tenant = ${tenant} and code = any(${textArray([...byCode.keys()])}::text[])`,
  );
  for (const { code } of known) byCode.delete(code);
  for (const [code, body] of byCode) {
    const content = sealer.seal(Buffer.from(body.bytes).toString("utf8"), rowContext(tenant, code));
    await executor.execute(
      sql`insert into portal_fetched (tenant, code, content) values (${tenant}, ${code}, ${content}) on conflict do nothing`,
    );
  }
};

/**
 * Takes a parked row up once more, since it can be read now: it is fetched with its files like any other, and its entry settled then.
 *
 * @returns false: its dossier was kept meanwhile.
 */
export const takeUpAgain = async (
  executor: Executor,
  { tenant, sealer }: InboundParts,
  { code }: PushedDossier,
  { id, bytes }: { readonly id: string; readonly bytes: Uint8Array },
): Promise<boolean> => {
  const content = sealer.seal(Buffer.from(bytes).toString("utf8"), rowContext(tenant, code));
  const taken = await rows(
    executor,
    sql`insert into portal_fetched as f (tenant, code, content, parked_id) values (${tenant}, ${code}, ${content}, ${id}::bigint)
        on conflict (tenant, code) do update set parked_id = coalesce(f.parked_id, excluded.parked_id)
        where f.stage = 'found' returning 1`,
  );
  return taken.length > 0;
};
