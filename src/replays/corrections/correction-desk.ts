import type { Adapter, PlatformId } from "../../../contracts/adapter.ts";
import { type FieldError, GatewayError } from "../../../contracts/errors.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import type { CorrectionView } from "../../../contracts/services/corrections.ts";
import { type Database, type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { type Actor, evidenceContext } from "../../ledger/ledger-desk.ts";
import { dossierContext } from "../../ledger/open-message.ts";
import { recordAct } from "../../security/audit.ts";
import type { Sealer } from "../../security/sealing.ts";
import { messageOf } from "../present-message.ts";
import { type CorrectionFilter, type CorrectionRow, listCorrections, readCorrection } from "./correction-row.ts";
import { correctionView } from "./correction-view.ts";
import { approveCorrection, rejectCorrection } from "./decide-correction.ts";
import { PUBLIC_PAYLOAD_FIELDS } from "./public-payload-fields.ts";
import { type CorrectableEntry, readCorrectable } from "./read-correctable.ts";

/** What people see and do about corrections (api section 4). */
export interface CorrectionDesk {
  /** The entry as it is to be corrected. @throws GatewayError `not_found`, `conflict` when it did not fail */
  open(boundary: Boundary, entryId: string): Promise<CorrectableEntry>;
  /** What the entry's platform could never be sent of this payload, by the payload's own field paths. */
  limitsOf(entry: CorrectableEntry, payload: unknown): readonly FieldError[];
  /** Records a proposal in the caller's transaction; `payload` was checked before. @throws GatewayError `conflict` */
  propose(executor: Executor, boundary: Boundary, proposal: Proposal, actor: Actor): Promise<CorrectionView>;
  list(
    boundary: Boundary,
    filter: CorrectionFilter,
    page: { limit: number; after?: string | undefined },
  ): Promise<{ items: CorrectionView[]; next: string | null }>;
  /** One proposal with every value in clear, for who decides on it; that it was read is audited. @throws GatewayError `not_found` */
  read(boundary: Boundary, id: string, actor: Actor): Promise<CorrectionView>;
  /** Puts the corrected message in the failed one's place. @throws GatewayError `not_found`, `forbidden` (own proposal), `conflict` */
  approve(executor: Executor, boundary: Boundary, id: string, actor: Actor): Promise<Approved>;
  /** @throws GatewayError `not_found`, `conflict` */
  reject(executor: Executor, boundary: Boundary, id: string, reason: string, actor: Actor): Promise<CorrectionView>;
}

/** A proposal with the platform that now has work. */
export interface Approved {
  readonly correction: CorrectionView;
  readonly platform: PlatformId;
}

/** What is proposed. */
export interface Proposal {
  readonly entryId: string;
  readonly payload: unknown;
  readonly reason: string;
}

/** What the desk is made of. */
export interface CorrectionDeskParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly adapterOf: (platform: PlatformId) => Adapter | undefined;
}

const decided = (state: string): GatewayError =>
  new GatewayError("conflict", {
    detail: { vi: `Đề nghị này đã ở trạng thái ${state}.`, en: `This proposal is already ${state}.` },
  });

const propose = async (
  { tenant, sealer }: CorrectionDeskParts,
  executor: Executor,
  entry: CorrectableEntry,
  { payload, reason }: Proposal,
  actor: Actor,
): Promise<string> => {
  const sealed = sealer.seal(JSON.stringify(payload), dossierContext(tenant, entry.dossierCode));
  const [row] = await rows<{ id: string }>(
    executor,
    sql`insert into corrections (tenant, entry_id, agency, payload, reason, proposer_kind, proposer)
        values (${tenant}, ${entry.id}::bigint, ${entry.agency}, ${sealed},
                ${sealer.seal(reason, evidenceContext(tenant))}, ${actor.actorKind}, ${actor.actor}) returning id`,
  );
  if (row === undefined) throw new Error("insert returned no row");
  const detail = { entry: entry.id };
  await recordAct(executor, tenant, { ...actor, action: "correction.propose", subject: row.id, detail });
  return row.id;
};

/** The desk over one database. */
export const createCorrectionDesk = (parts: CorrectionDeskParts): CorrectionDesk => {
  const { database, tenant, sealer, adapterOf } = parts;
  const masked = (row: CorrectionRow) => correctionView(row, tenant, sealer, PUBLIC_PAYLOAD_FIELDS);
  const find = async (executor: Executor, boundary: Boundary, id: string, lock = false): Promise<CorrectionRow> => {
    const row = await readCorrection(executor, tenant, boundary, id, lock);
    if (row === null) throw new GatewayError("not_found");
    return row;
  };
  /** Locks an open proposal, so that of two who decide at once one finds it decided. */
  const findOpen = async (executor: Executor, boundary: Boundary, id: string): Promise<CorrectionRow> => {
    const row = await find(executor, boundary, id, true);
    if (row.state !== "proposed") throw decided(row.state);
    return row;
  };
  return {
    open: (boundary, entryId) => readCorrectable(database, tenant, boundary, entryId, sealer),
    limitsOf: (entry, payload) =>
      adapterOf(entry.platform)?.check(messageOf(entry.operation, entry.dossierCode, payload, true)) ?? [],
    propose: async (executor, boundary, proposal, actor) => {
      const entry = await readCorrectable(executor, tenant, boundary, proposal.entryId, sealer);
      const id = await propose(parts, executor, entry, proposal, actor);
      return masked(await find(executor, boundary, id));
    },
    list: async (boundary, filter, { limit, after }) => {
      const found = await listCorrections(database, tenant, boundary, filter, limit, after);
      const page = found.slice(0, limit);
      return { items: page.map(masked), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
    read: async (boundary, id, actor) => {
      const row = await find(database, boundary, id);
      await recordAct(database, tenant, { ...actor, action: "correction.read", subject: id });
      return correctionView(row, tenant, sealer, null);
    },
    approve: async (executor, boundary, id, actor) => {
      const row = await findOpen(executor, boundary, id);
      await approveCorrection(executor, tenant, row, actor);
      return { correction: masked(await find(executor, boundary, id)), platform: row.platform };
    },
    reject: async (executor, boundary, id, reason, actor) => {
      const row = await findOpen(executor, boundary, id);
      await rejectCorrection(executor, tenant, row, actor, sealer.seal(reason, evidenceContext(tenant)));
      return masked(await find(executor, boundary, id));
    },
  };
};
