import { CasingCache } from "drizzle-orm/casing";
import type { SQL } from "./sql.ts";

/** A statement as PostgreSQL takes it: `$1`, `$2` ... in the text, and their values. */
export interface Rendered {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Names and texts inside a statement, as the template's own dialect for PostgreSQL writes them. */
const RULES: Parameters<SQL["toQuery"]>[0] = {
  casing: new CasingCache(),
  escapeName: (name) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (n) => `$${n + 1}`,
  escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
};

/** Renders a statement. */
export const render = (query: SQL): Rendered => query.toQuery(RULES);
