import { createBlob } from "../../database/blob.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { IdempotencyKey, KeptAnswer } from "../../ledger/idempotency.ts";
import { bestPriority, type Lift, liftingParts } from "../../ledger/stream-priority.ts";
import type { DossierWrite, EntryWrite, EventWrite } from "./acceptance.ts";

/** Everything one group commits. */
export interface AcceptedRows {
  /** With the place in its stream; its own id unless it takes the place of one it supersedes. */
  readonly entries: readonly (EntryWrite & { readonly position: string })[];
  readonly dossiers: readonly DossierWrite[];
  readonly events: readonly EventWrite[];
  readonly lifts: readonly Lift[];
  readonly holdings: readonly { readonly platform: string; readonly code: string }[];
  readonly answers: readonly { readonly key: IdempotencyKey; readonly answer: KeptAnswer }[];
  /** Keys taken by calls that were then refused: they are free again. */
  readonly released: readonly IdempotencyKey[];
}

type Blob = ReturnType<typeof createBlob>;

const entryRow = (entry: EntryWrite & { readonly position: string }, blob: Blob) => ({
  id: entry.id,
  position: entry.position,
  platform: entry.platform,
  operation: entry.operation,
  stream: entry.stream,
  subject: entry.subject,
  client: entry.client,
  agency: entry.agency,
  priority: entry.priority,
  correlation_id: entry.correlationId,
  ...blob.add(entry.payload),
});

const dossierRow = (write: DossierWrite, blob: Blob) => {
  const { acceptance, agency, portalCode, exchangeId, isNew, lifeCycle, procedure } = write;
  const { code, dossier, fingerprint, search, content } = acceptance;
  return {
    code,
    agency,
    portal_code: portalCode,
    is_new: isNew,
    status: dossier.status,
    procedure_code: dossier.procedureCode,
    procedure_name: dossier.procedureName ?? null,
    origin: dossier.origin ?? "province",
    channel: dossier.channel,
    unit_code: dossier.processingUnit.code ?? null,
    unit_name: dossier.processingUnit.name,
    received_at: dossier.receivedAt,
    due_at: dossier.dueAt ?? null,
    revision: dossier.revision ?? null,
    fingerprint,
    exchange_id: exchangeId,
    search,
    life_cycle: lifeCycle,
    procedure_facts: procedure,
    ...blob.add(content),
  };
};

const eventRow = ({ acceptance, exchangeId, isUnsent, answer, lifeCycle }: EventWrite, blob: Blob) => ({
  code: acceptance.code,
  event_id: acceptance.event.eventId,
  fingerprint: acceptance.fingerprint,
  status: acceptance.event.status,
  exchange_id: exchangeId,
  is_unsent: isUnsent,
  answer,
  life_cycle: lifeCycle,
  ...blob.add(acceptance.content),
});

// Said once more as arrays, these lead the planner to the rows by their keys; the joins alone may read whole tables while there are no
// statistics, since it takes one tenant for a small part of each.
const codes = (writes: readonly { readonly acceptance: { readonly code: string } }[]): string =>
  textArray(writes.map(({ acceptance }) => acceptance.code));
const keys = (taken: readonly { readonly key: string }[]): string => textArray(taken.map(({ key }) => key));

/**
 * Writes everything a group decided in one statement: entries with their place in the ledger, dossiers, events, holdings and
 * the answers kept under keys. Together or not at all.
 *
 * @returns the codes of dossiers that were new and could not be made, because another call made them meanwhile: the
 *   transaction must then be given up, and every call of the group be made again alone.
 */
export const writeAcceptances = async (
  executor: Executor,
  tenant: string,
  accepted: AcceptedRows,
): Promise<readonly string[]> => {
  const blob = createBlob();
  const lifts = [
    ...accepted.lifts,
    ...accepted.entries.map(({ stream, priority }) => ({ stream, priority, exchangeId: null })),
  ];
  const entries = JSON.stringify(accepted.entries.map((entry) => entryRow(entry, blob)));
  const dossiers = JSON.stringify(accepted.dossiers.map((dossier) => dossierRow(dossier, blob)));
  const events = JSON.stringify(accepted.events.map((event) => eventRow(event, blob)));
  const answers = JSON.stringify(
    accepted.answers.map(({ key: { client, key, seal: sealAnswer }, answer: { status, body } }) => ({
      client,
      key,
      status,
      body: sealAnswer(body),
    })),
  );
  const released = JSON.stringify(accepted.released.map(({ client, key }) => ({ client, key })));
  const made = await rows<{ code: string }>(
    executor,
    sql`with blob as materialized (select ${blob.bytes()}::bytea as bytes),
        entry as materialized (
          select r.*, least(r.priority, ${bestPriority(tenant, sql`r.stream`)}) as shared from jsonb_to_recordset(${entries}::jsonb) as r(
            id bigint, position bigint, platform text, operation text, stream text, subject text, client text, agency text,
            priority smallint, correlation_id text, "from" int, length int)
        ),
        dossier as materialized (
          select r.*, substr(blob.bytes, r."from", r.length) as content from jsonb_to_recordset(${dossiers}::jsonb) as r(
            code text, agency text, portal_code text, is_new boolean, status text, procedure_code text, procedure_name text,
            origin text, channel text, unit_code text, unit_name text, received_at timestamptz, due_at timestamptz,
            revision int, fingerprint text, exchange_id bigint, search jsonb, life_cycle jsonb, procedure_facts jsonb,
            "from" int, length int), blob
        ),
        event as materialized (
          select * from jsonb_to_recordset(${events}::jsonb) as r(
            code text, event_id text, fingerprint text, status text, exchange_id bigint, is_unsent boolean, answer text,
            life_cycle jsonb, "from" int, length int)
        ),
        recorded as (
          insert into entries (tenant, id, platform, operation, stream, subject, dossier_code, client, agency, priority,
                               correlation_id, payload)
          select ${tenant}, id, platform, operation, stream, subject, subject, client, agency, priority, correlation_id,
                 substr(blob.bytes, "from", length) from entry, blob
        ),
        queued as (
          insert into pending (tenant, id, platform, operation, stream, position, priority, agency)
          select ${tenant}, id, platform, operation, stream, position, shared, agency from entry
        ),
        ${liftingParts(tenant, lifts)},
        replaced as (
          update dossiers d set portal_code = n.portal_code, status = n.status, procedure_code = n.procedure_code,
                 procedure_name = n.procedure_name, origin = n.origin, channel = n.channel, unit_code = n.unit_code,
                 unit_name = n.unit_name, received_at = n.received_at, due_at = n.due_at,
                 revision = coalesce(n.revision, d.revision), fingerprint = n.fingerprint, exchange_id = n.exchange_id,
                 search = array(select jsonb_array_elements_text(n.search)), content = n.content,
                 life_cycle = n.life_cycle, procedure_facts = n.procedure_facts, updated_at = now()
          from dossier n where d.tenant = ${tenant} and d.code = any(${codes(accepted.dossiers)}::text[]) and d.code = n.code and not n.is_new
        ),
        stepped as (
          update dossiers d set status = event.status, life_cycle = event.life_cycle, updated_at = now()
          from event where d.tenant = ${tenant} and d.code = any(${codes(accepted.events)}::text[]) and d.code = event.code
        ),
        timeline as (
          insert into dossier_events (tenant, dossier_code, event_id, fingerprint, status, exchange_id, is_unsent, content, answer)
          select ${tenant}, code, event_id, fingerprint, status, exchange_id, is_unsent, substr(blob.bytes, "from", length), answer
          from event, blob
        ),
        held as (
          insert into holdings (tenant, platform, dossier_code)
          select ${tenant}, platform, code
          from jsonb_to_recordset(${JSON.stringify(accepted.holdings)}::jsonb) as r(platform text, code text)
          on conflict do nothing
        ),
        kept as (
          update idempotency_keys k set status = r.status, body = r.body
          from jsonb_to_recordset(${answers}::jsonb) as r(client text, key text, status smallint, body text)
          where k.tenant = ${tenant} and k.client = r.client and k.key = r.key and k.key = any(${keys(accepted.answers.map(({ key }) => key))}::text[])
        ),
        freed as (
          delete from idempotency_keys k using jsonb_to_recordset(${released}::jsonb) as r(client text, key text)
          where k.tenant = ${tenant} and k.client = r.client and k.key = r.key and k.key = any(${keys(accepted.released)}::text[])
        )
        insert into dossiers (tenant, code, agency, portal_code, status, procedure_code, procedure_name, origin, channel,
                              unit_code, unit_name, received_at, due_at, revision, fingerprint, exchange_id, search, content,
                              life_cycle, procedure_facts)
        select ${tenant}, code, agency, portal_code, status, procedure_code, procedure_name, origin, channel, unit_code, unit_name,
               received_at, due_at, revision, fingerprint, exchange_id, array(select jsonb_array_elements_text(search)), content,
               life_cycle, procedure_facts
        from dossier where is_new order by code
        on conflict (tenant, code) do nothing returning code`,
  );
  const there = new Set(made.map(({ code }) => code));
  return accepted.dossiers
    .filter(({ isNew }) => isNew)
    .map(({ acceptance }) => acceptance.code)
    .filter((code) => !there.has(code));
};
