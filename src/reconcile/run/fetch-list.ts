import type { Adapter } from "../../../contracts/adapter.ts";
import type { PlatformDossier } from "../../../contracts/comparer.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { PlatformQuestions } from "../../resilience/platform-questions.ts";
import { insertRows } from "../lists/insert-rows.ts";
import { scopeOf } from "./read-dossiers.ts";
import type { RunRow } from "./run-row.ts";
import type { RunnerParts } from "./runner-parts.ts";
import { restRun, stillOurs } from "./take-run.ts";

type Source = NonNullable<NonNullable<Adapter["compare"]>["source"]>;

/** A platform that lists the dossiers of a procedure. */
export type Lists = Extract<Source, { kind: "list" }>;

const REST_SECONDS = { held: 10, rate: 0.25, silent: 30 } as const;

const nextProcedure = async (executor: Executor, tenant: string, run: RunRow): Promise<string | null> => {
  const [row] = await rows<{ code: string | null }>(
    executor,
    sql`select min(d.procedure_code) as code from dossiers d
        where ${scopeOf(tenant, run)} and d.procedure_code > ${run.cursor}`,
  );
  return row?.code ?? null;
};

const keep = async (
  executor: Executor,
  tenant: string,
  run: RunRow,
  procedure: string,
  listed: readonly PlatformDossier[],
) => {
  if (!(await stillOurs(executor, tenant, run))) return;
  // Each procedure's list says of itself when it was made: the oldest one counts for all.
  if (run.list_id !== null) await insertRows(executor, tenant, run.list_id, listed);
  await executor.execute(
    sql`update reconciliations set cursor = ${procedure}, lease_until = null, held = null, fruitless = 0, next_at = now()
        where tenant = ${tenant} and id = ${run.id}::bigint`,
  );
};

/** Fetches the platform's list of the next procedure. A list that cannot be had is a reason to wait: without it its dossiers would seem missing. */
export const fetchList = async (
  parts: RunnerParts,
  run: RunRow,
  questions: PlatformQuestions,
  source: Lists,
): Promise<"worked" | "rests" | "nothing-left"> => {
  const { database, tenant } = parts;
  const procedure = await nextProcedure(database, tenant, run);
  if (procedure === null) return "nothing-left";
  const { questions: admitted, held, ended } = await questions.admit(1);
  if (admitted === 0) {
    const seconds = REST_SECONDS[held === "rate" ? "rate" : "held"];
    await restRun(database, tenant, run, { seconds, held });
    return "rests";
  }
  const reading = await source.read(procedure, questions.call(run.correlation_id));
  await ended(reading.ok || reading.fault.outcome === "refused" ? "good" : "bad");
  if (!reading.ok) {
    await restRun(database, tenant, run, { seconds: REST_SECONDS.silent, held: "unanswered", isFruitless: true });
    return "rests";
  }
  await database.transaction((executor) => keep(executor, tenant, run, procedure, reading.value));
  return "worked";
};
