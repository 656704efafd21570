import type { Exchange } from "../../../contracts/services/ledger.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { saidFromStore } from "../invented-data.ts";
import type { Acceptance } from "./acceptance.ts";
import type { LockedDossier } from "./lock-dossiers.ts";

/** What a decision needs besides the locked rows, read after the locks were had, hence up to date. */
export interface AcceptContext {
  /** A new entry id for each acceptance, in the order of the group: ids of one stream grow in the order accepted. */
  readonly ids: readonly string[];
  /** Events stored under the same `eventId`, by dossier code. */
  readonly events: ReadonlyMap<
    string,
    { readonly fingerprint: string; readonly answer: string; readonly exchange_id: string }
  >;
  /** The exchanges of the last accepted bodies, by id. */
  readonly exchanges: ReadonlyMap<string, Exchange>;
  /** Whether the file at an address was fetched from the national store of papers through us. */
  readonly isFromStore: (url: string) => boolean;
  /** The version of the rules in force; null: none were put. */
  readonly rulebook: string | null;
}

/** Nothing is asked unless a dossier names such files: hardly one does. */
const readFromStore = async (
  executor: Executor,
  tenant: string,
  group: readonly Acceptance[],
  uploadIn: (url: string) => string | null,
): Promise<AcceptContext["isFromStore"]> => {
  const said = group.flatMap((one) => (one.kind === "put" ? saidFromStore(one.dossier) : []));
  const ids = new Set(said.flatMap(({ url }) => uploadIn(url) ?? []));
  if (ids.size === 0) return () => false;
  const fetched = await rows<{ id: string }>(
    executor,
    sql`select id from uploaded_files
        where tenant = ${tenant} and id = any(${textArray([...ids])}::text[]) and access_id is not null`,
  );
  const known = new Set(fetched.map(({ id }) => id));
  return (url) => known.has(uploadIn(url) ?? "");
};

interface Row {
  ids: string[];
  events: { dossier_code: string; fingerprint: string; answer: string; exchange_id: string }[] | null;
  exchanges: Exchange[] | null;
  rulebook: string | null;
}

/** What a context is read by. */
interface ContextParts {
  readonly locked: ReadonlyMap<string, LockedDossier>;
  /** The id in the address of an upload; null: it is none of ours. */
  readonly uploadIn: (url: string) => string | null;
}

/**
 * Reads the context of a group in one statement. `offset 0` keeps the look-up of events a look-up by key: flattened, the planner
 * may read the whole table, since without statistics it takes one tenant for a small part of it.
 */
export const readContext = async (
  executor: Executor,
  tenant: string,
  group: readonly Acceptance[],
  { locked, uploadIn }: ContextParts,
): Promise<AcceptContext> => {
  const events = group.flatMap(({ code, ...a }) => ("event" in a ? [{ code, event_id: a.event.eventId }] : []));
  const exchanges = group.flatMap(({ kind, code }) => {
    const id = kind === "put" ? locked.get(code)?.exchange_id : null;
    return id === null || id === undefined ? [] : [id];
  });
  const [row] = await rows<Row>(
    executor,
    sql`select
          (select jsonb_agg(nextval('entries_id_seq')::text) from generate_series(1, ${group.length}::int)) as ids,
          (select jsonb_agg(to_jsonb(v)) from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as asked(code text, event_id text)
             join lateral (select dossier_code, fingerprint, answer, exchange_id::text from dossier_events v
               where v.tenant = ${tenant} and v.dossier_code = asked.code and v.event_id = asked.event_id offset 0) v on true) as events,
          (select jsonb_agg(jsonb_build_object('id', e.id::text, 'platform', e.platform, 'operation', e.operation,
                                               'state', coalesce(s.state, p.state)))
             from entries e
             left join pending p on p.tenant = e.tenant and p.id = e.id
             left join settled s on s.tenant = e.tenant and s.id = e.id
             where e.tenant = ${tenant} and e.id = any(${textArray(exchanges)}::bigint[])) as exchanges,
          (select version from rulebooks where tenant = ${tenant}) as rulebook`,
  );
  return {
    ids: row?.ids ?? [],
    events: new Map((row?.events ?? []).map((event) => [event.dossier_code, event])),
    exchanges: new Map((row?.exchanges ?? []).map((exchange) => [exchange.id, exchange])),
    isFromStore: await readFromStore(executor, tenant, group, uploadIn),
    rulebook: row?.rulebook ?? null,
  };
};
