import { GatewayError } from "../../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../../contracts/services/fields.ts";
import type { Caller } from "../../caller.ts";
import type { Executor } from "../../database/database.ts";
import { isDatabaseAway } from "../../database/database-away.ts";
import { sql } from "../../database/sql.ts";
import { GroupGivenUp } from "../../dossiers/acceptance/accept-group.ts";
import type { DossierOffice } from "../../dossiers/dossier-office.ts";
import { recordAct } from "../../security/audit.ts";
import type { FileLine } from "../file-line.ts";
import { acceptLines } from "./accept-lines.ts";
import { claimCodes } from "./claim-codes.ts";
import { decidePace, MOST_AT_ONCE } from "./decide-pace.ts";
import { hasBacklog } from "./has-backlog.ts";
import { type LineOutcome, refusedFields, refusedUnforeseen } from "./line-outcome.ts";
import { type ImportRow, lockImport } from "./lock-import.ts";
import type { PreparedLine, PrepareLine } from "./prepare-line.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import { takeLines } from "./take-lines.ts";

/** What works off imports. */
export interface StepParts {
  readonly office: DossierOffice;
  readonly provinceCode: string;
  readonly prepareLine: PrepareLine;
}

/** Whether anything was done, and whether the platform has work of it. */
interface Stepped {
  readonly worked: boolean;
  readonly sends: boolean;
}

const NOTHING: Stepped = { worked: false, sends: false };
/** How long an import waits that the platform's backlog holds. */
const HELD_SECONDS = 0.5;
/** Lines prepared between two looks at who else wants to be served: a few milliseconds. */
const BREATH_LINES = 4;
/** Steps that lie further apart than this were no continuous work. */
const LONGEST_STEP_SECONDS = 5;

const sinceStep = sql`least(extract(epoch from now() - coalesce(stepped_at, started_at))::float8, ${LONGEST_STEP_SECONDS}::float8)`;

/** Callers at the desk are served between lines. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const callerOf = ({ client, agency, correlation_id: correlationId, language }: ImportRow): Caller => ({
  client,
  agency,
  correlationId,
  language,
});

const prepareAll = async ({ office, prepareLine }: StepParts, row: ImportRow, lines: readonly FileLine[]) => {
  const preparing = { office, caller: callerOf(row), format: row.format, known: row.is_known };
  const prepared: PreparedLine[] = [];
  const refused: LineOutcome[] = [];
  for (const [i, line] of lines.entries()) {
    if (i % BREATH_LINES === BREATH_LINES - 1) await breathe();
    const one = prepareLine(preparing, line);
    if ("result" in one) refused.push(one);
    else prepared.push(one);
  }
  return { prepared, refused };
};

const repeated = ({ line, code }: PreparedLine, { language }: ImportRow): LineOutcome =>
  refusedFields(
    line,
    code,
    [{ field: "code", code: "duplicate_code", message: FIELD_ERRORS.duplicate_code }],
    language,
  );

/** Works off these lines: what becomes of each is written together with it. */
const work = async (executor: Executor, parts: StepParts, row: ImportRow, limit: number): Promise<void> => {
  const { office, provinceCode } = parts;
  const { tenant, sealer } = office;
  const lines = await takeLines(executor, tenant, sealer, row, limit);
  const { prepared, refused } = await prepareAll(parts, row, lines);
  const first = await claimCodes(executor, tenant, row.id, prepared);
  const accepting = { executor, office, provinceCode, language: row.language, dryRun: row.is_dry_run };
  const accepted = await acceptLines(
    accepting,
    prepared.filter(({ line }) => first.has(line)),
  );
  const again = prepared.filter(({ line }) => !first.has(line)).map((line) => repeated(line, row));
  await recordOutcomes({ executor, tenant, sealer, importId: row.id }, [...refused, ...again, ...accepted]);
};

const rest = async (
  executor: Executor,
  tenant: string,
  id: string,
  seconds: number,
  isHeld: boolean,
): Promise<void> => {
  await executor.execute(
    sql`update imports set next_at = now() + make_interval(secs => ${seconds}::float8), is_held = ${isHeld}, stepped_at = now(),
               active_seconds = active_seconds + ${sinceStep}
        where tenant = ${tenant} and id = ${id}::bigint`,
  );
};

const finish = async (executor: Executor, tenant: string, row: ImportRow): Promise<void> => {
  await executor.execute(
    sql`update imports set state = 'finished', finished_at = now(), is_held = false, is_unclean = true
        where tenant = ${tenant} and id = ${row.id}::bigint`,
  );
  await recordAct(executor, tenant, {
    actorKind: "client",
    actor: row.client,
    action: "import.finished",
    subject: row.id,
    detail: { automatic: true },
    correlationId: row.correlation_id,
  });
};

/** One piece of the import that is due first; `limit` lines at most. `at` is told which it is, and how far. */
const step = async (
  executor: Executor,
  parts: StepParts,
  limit: number,
  at: (row: ImportRow) => void,
): Promise<Stepped> => {
  const { tenant, portal } = parts.office;
  const row = portal === null ? null : await lockImport(executor, tenant);
  if (portal === null || row === null) return NOTHING;
  at(row);
  if (row.done === row.lines) {
    await finish(executor, tenant, row);
    return { worked: true, sends: false };
  }
  const sends = !row.is_known && !row.is_dry_run;
  if (sends && (await hasBacklog(executor, tenant, portal.platform))) {
    await rest(executor, tenant, row.id, HELD_SECONDS, true);
    return NOTHING;
  }
  const { rate_per_second: ratePerSecond, credit_seconds: creditSeconds } = row;
  const pace = decidePace({ ratePerSecond, creditSeconds, left: row.lines - row.done });
  if ("restSeconds" in pace) {
    await rest(executor, tenant, row.id, pace.restSeconds, false);
    return NOTHING;
  }
  const before = row.done;
  await work(executor, parts, row, Math.min(limit, pace.lines));
  await executor.execute(
    sql`update imports set next_at = now(), is_held = false, stepped_at = now(), active_seconds = active_seconds + ${sinceStep},
               credit_at = now() - make_interval(secs => ${pace.creditSeconds}::float8 + (${pace.lines}::int - (done - ${before}::int)) / rate_per_second)
        where tenant = ${tenant} and id = ${row.id}::bigint`,
  );
  return { worked: true, sends };
};

/** Refuses the line that cannot be worked off for a reason nobody foresaw, unless it was meanwhile: an import does not end at it. */
const skipLine = async (parts: StepParts, stuck: ImportRow): Promise<void> => {
  const { database, tenant, sealer } = parts.office;
  await database.transaction(async (executor) => {
    const row = await lockImport(executor, tenant);
    if (row?.id !== stuck.id || row.done !== stuck.done) return;
    const [line] = await takeLines(executor, tenant, sealer, row, 1);
    if (line === undefined) return;
    const outcome = refusedUnforeseen(line.line, row.language);
    await recordOutcomes({ executor, tenant, sealer, importId: row.id }, [outcome]);
  });
};

/** Whether it passes by itself: what was rolled back is done again. */
const isPassing = (error: unknown): boolean =>
  error instanceof GroupGivenUp ||
  isDatabaseAway(error) ||
  (error instanceof GatewayError && error.code === "unavailable");

/**
 * Does one bounded piece of work for the import that is due first: some lines in one transaction, with what becomes of each. How far it is
 * stands in the tables alone, so that any process goes on where another ended or was killed, and no line is done twice.
 *
 * @returns whether anything was done: when not, a pause is in order.
 * @throws what the database throws; and whatever one line alone met, which is then refused as `internal`.
 */
export const stepImport = async (parts: StepParts): Promise<boolean> => {
  const { database, portal, wake } = parts.office;
  let stuck: ImportRow | undefined;
  const once = (limit: number) =>
    database.transaction((executor) =>
      step(executor, parts, limit, (row) => {
        stuck = row;
      }),
    );
  const attempt = async (): Promise<Stepped> => {
    try {
      return await once(MOST_AT_ONCE);
    } catch (error) {
      if (isPassing(error)) throw error;
      return once(1);
    }
  };
  try {
    const { worked, sends } = await attempt();
    if (sends && portal !== null) wake(portal.platform);
    return worked;
  } catch (error) {
    if (error instanceof GroupGivenUp) return true;
    if (!isPassing(error) && stuck !== undefined) await skipLine(parts, stuck);
    throw error;
  }
};
