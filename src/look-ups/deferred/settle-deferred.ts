import type { OpenMessage, Settlement } from "../../../contracts/ledger.ts";
import type { AccessOutcome } from "../../../contracts/services/access-records.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { NewEvent } from "../../inbox/record-events.ts";
import type { SettleCompanion } from "../../ledger/dispatch-ledger.ts";
import { endAccesses } from "../end-accesses.ts";

/** What is done beside the settle of deferred look-ups. */
export interface SettlingParts {
  readonly tenant: string;
  readonly now: () => Date;
  readonly openMessage: OpenMessage;
  readonly record: (executor: Executor, events: readonly NewEvent[]) => Promise<unknown>;
}

const isOver = ({ entry, next }: Settlement): boolean =>
  entry.operation === "citizen.lookup-deferred" && (next.state === "delivered" || next.state === "failed");

const eraseQuestion = async (executor: Executor, tenant: string, entryId: string): Promise<void> => {
  await executor.execute(
    sql`update entries set payload_digest = sha256(payload), payload = null, bodies_erased_at = now()
        where tenant = ${tenant} and id = ${entryId}::bigint and payload is not null`,
  );
};

const settleOne = async (executor: Executor, parts: SettlingParts, settlement: Settlement): Promise<void> => {
  const { tenant, now, record } = parts;
  const { entry, next, attempts } = settlement;
  const message = parts.openMessage(entry);
  if (message.operation !== "citizen.lookup-deferred") return;
  const { lookupId } = message;
  const [row] = await rows<{ outcome: AccessOutcome; agency: string }>(
    executor,
    sql`update deferred_look_ups set settled_at = now(), outcome = ${next.state === "failed" ? sql`'failed'` : sql`outcome`}
        where tenant = ${tenant} and id = ${lookupId} returning outcome, agency`,
  );
  if (row === undefined) return;
  const { outcome, agency } = row;
  const latencyMs = attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const errorCode = next.state === "failed" ? { errorCode: next.fault.code } : {};
  const upstreamIds = next.state === "failed" ? [] : [lookupId];
  await endAccesses(executor, tenant, [{ id: lookupId, outcome, ...errorCode, fields: [], latencyMs, upstreamIds }]);
  // A failed one may be tried again by a person, who needs what it asks.
  if (next.state === "delivered") await eraseQuestion(executor, tenant, entry.id);
  const { correlationId } = entry;
  const data = { lookupId, outcome };
  await record(executor, [
    { type: "lookup.settled", occurredAt: now(), subject: lookupId, agency, data, correlationId },
  ]);
};

/** Beside the settle of deferred look-ups: their record ends, what they asked is erased, the province is told that they are over. */
export const settlingDeferred =
  (usual: SettleCompanion, parts: SettlingParts): SettleCompanion =>
  async (settlements) => {
    const beside = await usual(settlements);
    const over = settlements.filter(isOver);
    if (over.length === 0) return beside;
    return async (executor, ours) => {
      await beside?.(executor, ours);
      for (const settlement of over.filter(({ entry }) => ours.has(entry.id))) {
        await settleOne(executor, parts, settlement);
      }
    };
  };
