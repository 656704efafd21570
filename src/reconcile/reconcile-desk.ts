import type { Adapter, PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import type { ReconciliationRequest, ReconciliationView } from "../../contracts/services/reconciliations.ts";
import type { Caller } from "../caller.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { Answer } from "../ledger/answer-once.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import { type IncomingList, receiveList } from "./lists/receive-list.ts";
import { insertRun } from "./run/insert-run.ts";
import { planRun, type UploadedList, unusableList } from "./run/plan-run.ts";
import { listRuns, type PageWish, readRun } from "./run/read-runs.ts";

/** What people see and do about reconciliations (design section 7). */
export interface ReconcileDesk {
  /** Records a run in the caller's transaction; the runner does it. @throws GatewayError `conflict`, `invalid_request`, `not_configured` */
  start(
    executor: Executor,
    boundary: Boundary,
    request: ReconciliationRequest,
    actor: Actor,
  ): Promise<ReconciliationView>;
  list(boundary: Boundary, page: PageWish): Promise<{ items: ReconciliationView[]; next: { id: string } | null }>;
  read(boundary: Boundary, id: string): Promise<ReconciliationView | null>;
  /** What was found stays; the same again changes nothing. @throws GatewayError `not_found`, `conflict` */
  stop(executor: Executor, boundary: Boundary, id: string, actor: Actor): Promise<ReconciliationView>;
  /** Takes a list; answers when all of its lines are stored. @throws GatewayError */
  receive(caller: Caller, list: IncomingList): Promise<Answer>;
}

/** What the desk is made of. */
export interface ReconcileDeskParts {
  readonly database: Database;
  readonly tenant: string;
  /** Canonical code of the province. */
  readonly province: string;
  readonly fingerprints: Fingerprints;
  readonly now: () => Date;
  readonly adapterOf: (platform: PlatformId) => Adapter | undefined;
}

const alreadyRunning = (): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: "Đang có một đợt đối soát với hệ thống này. Chờ xong hoặc dừng đợt đó.",
      en: "A reconciliation with this platform is running. Wait for its end, or stop it.",
    },
  });

const isOver = (state: string): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: `Không dừng được đợt đối soát ở trạng thái ${state}.`,
      en: `A reconciliation that is ${state} cannot be stopped.`,
    },
  });

/** Takes a list for a run: each serves one. @throws GatewayError `invalid_request` */
const takeList = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  { platform, list }: ReconciliationRequest,
): Promise<UploadedList | undefined> => {
  if (list === undefined) return undefined;
  const [taken] = await rows<{ id: string; is_whole: boolean }>(
    executor,
    sql`update reconciliation_lists set state = 'used'
        where tenant = ${tenant} and id = ${list}::bigint and platform = ${platform} and state = 'ready'
          and ${within(sql`agency`, boundary)}
        returning id, is_whole`,
  );
  if (taken === undefined) throw unusableList();
  return { id: taken.id, isWhole: taken.is_whole };
};

/** The desk over one database. */
export const createReconcileDesk = (parts: ReconcileDeskParts): ReconcileDesk => {
  const { database, tenant, province, adapterOf } = parts;
  const find = async (executor: Executor, boundary: Boundary, id: string): Promise<ReconciliationView> => {
    const run = await readRun(executor, parts, boundary, id);
    if (run === null) throw new GatewayError("not_found");
    return run;
  };
  return {
    start: async (executor, boundary, request, actor) => {
      const { platform, filter } = request;
      const list = await takeList(executor, tenant, boundary, request);
      const plan = planRun(adapterOf(platform), list, boundary, province);
      const id = await insertRun(executor, tenant, { platform, boundary, filter, plan, list: list?.id, actor });
      if (id === null) throw alreadyRunning();
      const detail = { platform, source: plan.source, filtered: filter !== undefined };
      await recordAct(executor, tenant, { ...actor, action: "reconciliation.start", subject: id, detail });
      return find(executor, boundary, id);
    },
    list: (boundary, page) => listRuns(database, parts, boundary, page),
    read: (boundary, id) => readRun(database, parts, boundary, id),
    stop: async (executor, boundary, id, actor) => {
      const before = await find(executor, boundary, id);
      const stopped = await rows(
        executor,
        sql`update reconciliations set state = 'stopped', stop_cause = 'operator', finished_at = now(), lease_until = null
            where tenant = ${tenant} and id = ${id}::bigint and state = 'running' returning 1`,
      );
      const after = await find(executor, boundary, id);
      if (stopped.length === 0 && after.state !== "stopped") throw isOver(after.state);
      const detail = { before: before.state };
      await recordAct(executor, tenant, { ...actor, action: "reconciliation.stop", subject: id, detail });
      return after;
    },
    receive: (caller, list) => receiveList(parts, caller, list),
  };
};
