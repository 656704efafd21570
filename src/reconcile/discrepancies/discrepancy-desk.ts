import { GatewayError } from "../../../contracts/errors.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import type { DiscrepancyView, RepairFilter, Repairs } from "../../../contracts/services/reconciliations.ts";
import { type Database, type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { type Actor, evidenceContext } from "../../ledger/ledger-desk.ts";
import { recordAct } from "../../security/audit.ts";
import type { Sealer } from "../../security/sealing.ts";
import {
  type DiscrepancyFilter,
  type DiscrepancyRow,
  findRow,
  isRepairable,
  listRows,
  matching,
  viewOf,
} from "./discrepancy-row.ts";
import { repairDossier } from "./repair-dossier.ts";
import { afterRepair } from "./step-repairs.ts";

/** What people see and do about discrepancies (design section 7). */
export interface DiscrepancyDesk {
  list(
    boundary: Boundary,
    filter: DiscrepancyFilter,
    page: { limit: number; after?: { id: string } | undefined },
  ): Promise<{ items: DiscrepancyView[]; next: { id: string } | null }>;
  read(boundary: Boundary, id: string): Promise<DiscrepancyView | null>;
  /** Makes the exchange that cures an open one. @throws GatewayError `not_found`, `conflict` */
  repair(executor: Executor, boundary: Boundary, id: string, actor: Actor): Promise<DiscrepancyView>;
  /** It is none to be mended, for a reason. @throws GatewayError `not_found`, `conflict` */
  dismiss(
    executor: Executor,
    boundary: Boundary,
    id: string,
    act: { readonly reason: string; readonly actor: Actor },
  ): Promise<DiscrepancyView>;
  /** What a bulk repair would take; changes nothing. */
  countRepairs(boundary: Boundary, filter: RepairFilter): Promise<Repairs>;
  /** Puts open ones into repair; the runner makes their exchanges. */
  repairMany(executor: Executor, boundary: Boundary, filter: RepairFilter, actor: Actor): Promise<Repairs>;
}

/** What the desk is made of. */
export interface DiscrepancyDeskParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
}

const conflict = (vi: string, en: string): GatewayError => new GatewayError("conflict", { detail: { vi, en } });

const notOpen = ({ state }: DiscrepancyRow): GatewayError =>
  conflict(`Sai lệch này đang ở trạng thái ${state}.`, `This discrepancy is ${state}.`);

/** What of a repair did not come to an exchange, for whoever asked for it. */
const NOT_MADE = {
  busy: () =>
    conflict("Hồ sơ đang được cập nhật. Thử lại sau giây lát.", "The dossier is being changed. Try again in a moment."),
  "in-flight": () =>
    conflict(
      "Hồ sơ còn trao đổi chưa xong; lần đối soát sau sẽ kiểm tra lại.",
      "Exchanges of the dossier are not settled; the next reconciliation looks at it again.",
    ),
  gone: () => conflict("Hồ sơ không còn ở đây.", "The dossier is not here any more."),
} as const;

const manual = (): GatewayError =>
  conflict(
    "Sai lệch này không gửi gì để sửa được: cần người xử lý.",
    "Nothing that is sent can mend this: a person has to look.",
  );

/** What no exchange can cure. */
const MANUAL: readonly string[] = ["missing-here", "double-charge"];

const countBy = (counted: readonly { kind: string; count: number }[]): Repairs => {
  const taken = counted.filter(({ kind }) => !MANUAL.includes(kind));
  return {
    count: taken.reduce((sum, { count }) => sum + count, 0),
    byKind: Object.fromEntries(taken.map(({ kind, count }) => [kind, count])),
    leftOut: counted.filter(({ kind }) => MANUAL.includes(kind)).reduce((sum, { count }) => sum + count, 0),
  };
};

/** The desk over one database. */
export const createDiscrepancyDesk = ({ database, tenant, sealer }: DiscrepancyDeskParts): DiscrepancyDesk => {
  const open = (sealed: Uint8Array): string => sealer.open(sealed, evidenceContext(tenant));
  const find = async (executor: Executor, boundary: Boundary, id: string, lock = false): Promise<DiscrepancyRow> => {
    const row = await findRow(executor, tenant, boundary, { id, lock });
    if (row === null) throw new GatewayError("not_found");
    return row;
  };
  const openOnes = (boundary: Boundary, filter: RepairFilter) =>
    matching(tenant, boundary, { ...filter, state: ["open"] });
  const count = async (executor: Executor, boundary: Boundary, filter: RepairFilter): Promise<Repairs> =>
    countBy(
      await rows<{ kind: string; count: number }>(
        executor,
        sql`select kind, count(*)::int as count from discrepancies where ${openOnes(boundary, filter)} group by kind order by kind`,
      ),
    );
  return {
    list: async (boundary, filter, { limit, after }) => {
      const found = await listRows(database, matching(tenant, boundary, filter), limit, after);
      const items = found.slice(0, limit).map((row) => viewOf(row, open));
      const last = items.at(-1);
      return { items, next: found.length > limit && last !== undefined ? { id: last.id } : null };
    },
    read: async (boundary, id) => {
      const row = await findRow(database, tenant, boundary, { id });
      return row && viewOf(row, open);
    },
    repair: async (executor, boundary, id, actor) => {
      const row = await find(executor, boundary, id, true);
      if (row.state !== "open") throw notOpen(row);
      if (!isRepairable(row)) throw manual();
      const { platform, dossier_code: code } = row;
      const repaired = await repairDossier(executor, tenant, sealer, { platform, code, actor });
      if (repaired.kind !== "made") throw NOT_MADE[repaired.kind]();
      await executor.execute(
        sql`update discrepancies set ${afterRepair(repaired)}, actor_kind = ${actor.actorKind}, actor = ${actor.actor},
                   correlation_id = ${actor.correlationId}
            where tenant = ${tenant} and id = ${id}::bigint`,
      );
      const detail = { kind: row.kind, exchange: repaired.exchange };
      await recordAct(executor, tenant, { ...actor, action: "discrepancy.repair", subject: id, detail });
      return viewOf(await find(executor, boundary, id), open);
    },
    dismiss: async (executor, boundary, id, { reason, actor }) => {
      const row = await find(executor, boundary, id, true);
      if (row.state !== "open") throw notOpen(row);
      await executor.execute(
        sql`update discrepancies set state = 'dismissed', reason = ${sealer.seal(reason, evidenceContext(tenant))},
                   actor_kind = ${actor.actorKind}, actor = ${actor.actor}, correlation_id = ${actor.correlationId}
            where tenant = ${tenant} and id = ${id}::bigint`,
      );
      const detail = { kind: row.kind };
      await recordAct(executor, tenant, { ...actor, action: "discrepancy.dismiss", subject: id, detail });
      return viewOf(await find(executor, boundary, id), open);
    },
    countRepairs: (boundary, filter) => count(database, boundary, filter),
    repairMany: async (executor, boundary, filter, actor) => {
      const due = await rows<{ kind: string; count: number }>(
        executor,
        sql`with due as (
              update discrepancies set state = 'repairing', is_due = true, next_at = now(), actor_kind = ${actor.actorKind},
                     actor = ${actor.actor}, correlation_id = ${actor.correlationId}
              where ${openOnes(boundary, filter)} and kind not in ('missing-here', 'double-charge') returning kind
            )
            select kind, count(*)::int as count from due group by kind order by kind`,
      );
      const { leftOut } = await count(executor, boundary, filter);
      const taken: Repairs = { ...countBy(due), leftOut };
      const detail = { count: taken.count };
      await recordAct(executor, tenant, { ...actor, action: "discrepancy.repair-many", subject: "", detail });
      return taken;
    },
  };
};
