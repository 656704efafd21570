import type { DossierLine } from "../../../contracts/services/dossier-views.ts";
import { rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { DossierOffice } from "../dossier-office.ts";
import { type DossierFilter, dossierConditions, type FindScope } from "../find-dossiers.ts";
import { type DossierPosition, listDossiers } from "../list-dossiers.ts";

/** Dossiers read at once: what an export holds in memory. */
const PAGE = 500;

/** Everything the filter finds, newest first, a page at a time, each in a statement of its own: nothing is held open between two. */
export async function* exportPages(
  office: DossierOffice,
  scope: FindScope,
  filter: DossierFilter,
): AsyncGenerator<readonly DossierLine[]> {
  for (let after: DossierPosition | undefined; ; ) {
    const { items, next } = await listDossiers(office, scope, filter, PAGE, after);
    yield items;
    if (next === null) return;
    after = next;
  }
}

/** Whether the filter finds more dossiers than that. */
export const findsMoreThan = async (
  office: DossierOffice,
  scope: FindScope,
  filter: DossierFilter,
  most: number,
): Promise<boolean> => {
  const conditions = dossierConditions(scope, filter, office.hashes.queryTokens);
  const found = await rows(
    office.database,
    sql`select 1 from dossiers d where ${conditions} offset ${most}::int limit 1`,
  );
  return found.length > 0;
};
