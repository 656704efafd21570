import type { NewEntry } from "../../contracts/ledger.ts";
import { PRIORITIES } from "../../contracts/ledger.ts";
import { createBlob } from "../database/blob.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** One event for one webhook, about to be queued. */
export type NewDelivery = Pick<NewEntry, "subject" | "client" | "agency" | "correlationId" | "payload"> & {
  readonly webhookId: string;
  readonly dossierCode: string | null;
};

/** The ordering key: one subject towards one webhook. Its third part names the webhook (migration 0004, `pending_deliveries`). */
const streamOf = ({ webhookId, subject }: NewDelivery): string => `province:webhook:${webhookId}:${subject}`;

/** Appends entries for webhooks to the ledger, in the order given and in one statement. */
export const queueDeliveries = async (
  executor: Executor,
  tenant: string,
  deliveries: readonly NewDelivery[],
): Promise<void> => {
  const blob = createBlob();
  const list = deliveries.map((delivery, n) => ({
    n,
    stream: streamOf(delivery),
    subject: delivery.subject,
    dossier_code: delivery.dossierCode,
    client: delivery.client,
    agency: delivery.agency,
    correlation_id: delivery.correlationId,
    ...blob.add(delivery.payload),
  }));
  await executor.execute(
    sql`with blob as materialized (select ${blob.bytes()}::bytea as bytes),
        accepted as (
          insert into entries (tenant, platform, operation, stream, subject, dossier_code, client, agency, priority,
                               correlation_id, payload)
          select ${tenant}, 'province', 'webhook.deliver', r.stream, r.subject, r.dossier_code, r.client, r.agency,
                 ${PRIORITIES.normal}::int, r.correlation_id, substr(blob.bytes, r."from", r.length)
          from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as r(
            n int, stream text, subject text, dossier_code text, client text, agency text, correlation_id text, "from" int,
            length int), blob
          order by r.n
          returning id, platform, operation, stream, priority, agency
        )
        insert into pending (tenant, id, platform, operation, stream, position, priority, agency)
        select ${tenant}, id, platform, operation, stream, id, priority, agency from accepted`,
  );
};
