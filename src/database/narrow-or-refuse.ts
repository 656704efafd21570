import { GatewayError } from "../../contracts/errors.ts";
import type { Database, Executor } from "./database.ts";
import { driverError } from "./database-away.ts";
import { sql } from "./sql.ts";

/** How long one search may take: longer than any filter that an index helps, shorter than a caller waits for the database. */
const SEARCH_MS = 5000;

/** The same for one of several statements that a caller waits for. */
export const LOOK_MS = 4000;

const STATEMENT_STOPPED = "57014";

const tooWide = (cause: unknown): GatewayError =>
  new GatewayError("invalid_request", {
    detail: {
      vi: "Điều kiện tìm kiếm phải duyệt quá nhiều dữ liệu; hãy thu hẹp, ví dụ thêm khoảng thời gian.",
      en: "Too much has to be looked through for this filter; narrow it, for instance by a range of time.",
    },
    cause,
  });

/**
 * Runs a search whose cost depends on what the caller asks for, each of its statements within `ms`. The limit is the transaction's
 * own: a connection that is shared by transaction carries nothing over.
 *
 * @throws GatewayError `invalid_request`: it took longer, and would the next time.
 */
export const narrowOrRefuse = async <T>(
  database: Database,
  work: (executor: Executor) => Promise<T>,
  ms = SEARCH_MS,
): Promise<T> => {
  try {
    return await database.transaction(async (transaction) => {
      // Searches of partitions look dear to the planner and are not: compiling them would take longer than they do.
      await transaction.execute(
        sql`select set_config('statement_timeout', ${`${ms}ms`}, true), set_config('jit', 'off', true)`,
      );
      return work(transaction);
    });
  } catch (error) {
    throw driverError(error)?.code === STATEMENT_STOPPED ? tooWide(error) : error;
  }
};
