import type { CountKey, DossierCounts } from "../../contracts/services/dossier-views.ts";
import { rows } from "../database/database.ts";
import { narrowOrRefuse } from "../database/narrow-or-refuse.ts";
import { type SQL, sql } from "../database/sql.ts";
import type { DossierOffice } from "./dossier-office.ts";
import { type DossierFilter, dossierConditions, type FindScope } from "./find-dossiers.ts";

const COLUMNS: Readonly<Record<CountKey, SQL>> = {
  procedure: sql`d.procedure_code`,
  unit: sql`coalesce(d.unit_code, d.unit_name)`,
  status: sql`d.status`,
  origin: sql`d.origin`,
  period: sql`to_char(d.received_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM')`,
};

/** `GET /v1/dossiers/counts`: how many dossiers the filter finds, by each combination of the keys. */
export const countDossiers = async (
  office: DossierOffice,
  scope: FindScope,
  filter: DossierFilter,
  by: readonly CountKey[],
): Promise<DossierCounts> => {
  const conditions = dossierConditions(scope, filter, office.hashes.queryTokens);
  const keys = by.map((key) => sql`${COLUMNS[key]} as ${sql.identifier(key)}`);
  const group =
    by.length === 0
      ? sql``
      : sql`group by ${sql.join(
          by.map((_, i) => sql.raw(`${i + 1}`)),
          sql`, `,
        )}`;
  const order =
    by.length === 0
      ? sql``
      : sql`order by ${sql.join(
          by.map((_, i) => sql.raw(`${i + 1}`)),
          sql`, `,
        )}`;
  const query = sql`select ${sql.join([...keys, sql`count(*)::int as count`], sql`, `)} from dossiers d where ${conditions} ${group} ${order}`;
  const items = await narrowOrRefuse(office.database, (executor) =>
    rows<DossierCounts["items"][number]>(executor, query),
  );
  return { total: items.reduce((sum, { count }) => sum + count, 0), items: items.map((item) => ({ ...item })) };
};
