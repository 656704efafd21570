import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";

/** One act of a person or a client. `detail` never holds personal data of citizens. */
export interface AuditedAct {
  readonly actorKind: "operator" | "client" | "anonymous";
  readonly actor: string;
  /** A verb with its object, such as `ledger.retry`. */
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  readonly correlationId: string;
}

/** Records an act, in the transaction of the act itself where there is one. */
export const recordAct = async (executor: Executor, tenant: string, act: AuditedAct): Promise<void> => {
  await executor.execute(
    sql`insert into audit (tenant, actor_kind, actor, action, subject, detail, correlation_id)
        values (${tenant}, ${act.actorKind}, ${act.actor}, ${act.action}, ${act.subject},
                ${JSON.stringify(act.detail ?? {})}::jsonb, ${act.correlationId})`,
  );
};
