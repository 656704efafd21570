import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierLine } from "../../contracts/services/dossier-views.ts";
import { isoMoment, rows } from "../database/database.ts";
import { narrowOrRefuse } from "../database/narrow-or-refuse.ts";
import { sql } from "../database/sql.ts";
import { dossierContext } from "../ledger/open-message.ts";
import type { DossierOffice } from "./dossier-office.ts";
import { type DossierFilter, dossierConditions, type FindScope } from "./find-dossiers.ts";
import { syncState } from "./sync-state.ts";

/** Where a page begins: after this dossier. `receivedAt` is the database's own text. */
export interface DossierPosition {
  readonly receivedAt: string;
  readonly code: string;
}

/** A page and where the next one begins; null at the end. */
export interface DossierPage {
  readonly items: DossierLine[];
  readonly next: DossierPosition | null;
}

interface Row {
  code: string;
  procedure_code: string;
  procedure_name: string | null;
  status: DossierLine["status"];
  origin: DossierLine["origin"];
  channel: DossierLine["channel"];
  unit_code: string | null;
  unit_name: string;
  received_at: string;
  due_at: string | null;
  content: Uint8Array;
  sync: DossierLine["sync"];
}

/** A dossier whose key was taken out of LEDGER_KEYS must not hide the rest of the page. */
const applicantName = (office: DossierOffice, row: Row): string => {
  try {
    const content = office.sealer.open(row.content, dossierContext(office.tenant, row.code));
    return (JSON.parse(content) as Dossier).applicant.name;
  } catch {
    return "•••";
  }
};

const line = (office: DossierOffice, row: Row): DossierLine => {
  return {
    code: row.code,
    procedureCode: row.procedure_code,
    ...(row.procedure_name !== null && { procedureName: row.procedure_name }),
    applicantName: applicantName(office, row),
    status: row.status,
    origin: row.origin,
    channel: row.channel,
    processingUnit: { ...(row.unit_code !== null && { code: row.unit_code }), name: row.unit_name },
    receivedAt: isoMoment(row.received_at),
    ...(row.due_at !== null && { dueAt: isoMoment(row.due_at) }),
    sync: row.sync,
  };
};

/** `GET /v1/dossiers`: newest first by `receivedAt`, then code. */
export const listDossiers = async (
  office: DossierOffice,
  scope: FindScope,
  filter: DossierFilter,
  limit: number,
  after?: DossierPosition,
): Promise<DossierPage> => {
  const conditions = dossierConditions(scope, filter, office.hashes.queryTokens);
  const page =
    after === undefined ? sql`true` : sql`(d.received_at, d.code) < (${after.receivedAt}::timestamptz, ${after.code})`;
  // Nothing is null; but only this is the order of the index, and in any other all dossiers would be sorted.
  const order = sql`d.received_at desc nulls last, d.code desc nulls last`;
  const query = sql`select d.code, d.procedure_code, d.procedure_name, d.status, d.origin, d.channel, d.unit_code, d.unit_name,
               d.received_at, d.due_at, d.content, ${syncState(scope.tenant, scope.platform)} as sync
        from dossiers d where ${conditions} and ${page}
        order by ${order} limit ${limit + 1}`;
  const found = await narrowOrRefuse(office.database, (executor) => rows<Row>(executor, query));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => line(office, row)),
    next: found.length > limit && last !== undefined ? { receivedAt: last.received_at, code: last.code } : null,
  };
};
