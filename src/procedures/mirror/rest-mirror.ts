import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";

/** Why a mirror rests; null: for its pace alone. */
export interface Rest {
  readonly seconds: number;
  readonly because: { readonly code: string; readonly message: string } | null;
}

/** Gives the mirror back until a while later. What was read stays read. */
export const restMirror = async (
  executor: Executor,
  tenant: string,
  fence: string,
  { seconds, because }: Rest,
): Promise<void> => {
  await executor.execute(
    sql`update procedure_mirrors set lease_until = null, next_at = now() + make_interval(secs => ${seconds}::float8),
          is_held = ${because !== null}, error_code = ${because?.code ?? null}, error = ${because?.message ?? null}
        where tenant = ${tenant} and fence = ${fence}::bigint`,
  );
};
