import type { PlatformId } from "../../contracts/adapter.ts";
import type { Settlement } from "../../contracts/ledger.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { NewEvent } from "./record-events.ts";

interface Facts {
  id: string;
  subject: string;
  agency: string;
  dossier_code: string | null;
}

const readFacts = async (executor: Executor, tenant: string, ids: readonly string[]): Promise<Map<string, Facts>> => {
  const found = await rows<Facts>(
    executor,
    sql`select id, subject, agency, dossier_code from entries
        where tenant = ${tenant} and id = any(${textArray(ids)}::bigint[])`,
  );
  return new Map(found.map((facts) => [facts.id, facts]));
};

/** What is told of an exchange that was delivered or failed. The platform's words stay in the ledger: they may name people. */
const dataOf = (platform: PlatformId, { entry, next }: Settlement, { dossier_code }: Facts) => ({
  exchangeId: entry.id,
  platform,
  operation: entry.operation,
  ...(dossier_code !== null && { dossierCode: dossier_code }),
  ...(next.state === "failed" && {
    code: next.fault.code,
    ...(next.fault.platformCode !== undefined && { platformCode: next.fault.platformCode }),
  }),
  correlationId: entry.correlationId,
});

/** Settled entries as events, in the order given. */
export const exchangeEvents = async (
  executor: Executor,
  tenant: string,
  platform: PlatformId,
  settlements: readonly Settlement[],
  occurredAt: Date,
): Promise<NewEvent[]> => {
  const facts = await readFacts(
    executor,
    tenant,
    settlements.map(({ entry }) => entry.id),
  );
  return settlements.flatMap((settlement): NewEvent[] => {
    const { entry, next } = settlement;
    const known = facts.get(entry.id);
    if (known === undefined) return [];
    return [
      {
        type: next.state === "delivered" ? "exchange.delivered" : "exchange.failed",
        occurredAt,
        subject: known.subject,
        agency: known.agency,
        dossierCode: known.dossier_code ?? undefined,
        data: dataOf(platform, settlement, known),
        correlationId: entry.correlationId,
      },
    ];
  });
};
