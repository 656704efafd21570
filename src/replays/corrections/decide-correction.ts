import { GatewayError } from "../../../contracts/errors.ts";
import type { CorrectionView } from "../../../contracts/services/corrections.ts";
import type { Executor } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { lockDossiers } from "../../dossiers/acceptance/lock-dossiers.ts";
import type { Actor } from "../../ledger/ledger-desk.ts";
import { recordAct } from "../../security/audit.ts";
import type { CorrectionRow } from "./correction-row.ts";
import { takePlace } from "./take-place.ts";

interface Decision {
  readonly act: "approve" | "reject";
  readonly state: CorrectionView["state"];
  readonly newEntry: string | null;
  readonly reason: Uint8Array | null;
}

const moved = (): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: "Trao đổi không còn ở trạng thái lỗi: đã có người xử lý.",
      en: "The entry is not failed any more: somebody dealt with it.",
    },
  });

const ownProposal = (): GatewayError =>
  new GatewayError("forbidden", {
    detail: {
      vi: "Người đề nghị không được tự duyệt đề nghị của mình.",
      en: "Who proposed a correction cannot approve it: another person must.",
    },
  });

const decide = async (executor: Executor, tenant: string, row: CorrectionRow, actor: Actor, becomes: Decision) => {
  const { act, state, newEntry, reason } = becomes;
  await executor.execute(
    sql`update corrections set state = ${state}, decider_kind = ${actor.actorKind}, decider = ${actor.actor},
               decided_at = now(), decision_reason = ${reason}, new_entry = ${newEntry}::bigint
        where tenant = ${tenant} and id = ${row.id}::bigint`,
  );
  const detail = { entry: row.entry_id, newEntry };
  await recordAct(executor, tenant, { ...actor, action: `correction.${act}`, subject: row.id, detail });
};

/**
 * Sends the corrected content in the failed entry's place. The stored dossier stays as the province put it: a correction
 * is of the exchange. The proposal's row is locked and open.
 *
 * @throws GatewayError `forbidden` for who proposed it, `conflict` when the entry is not failed any more.
 */
export const approveCorrection = async (
  executor: Executor,
  tenant: string,
  row: CorrectionRow,
  actor: Actor,
): Promise<void> => {
  if (row.proposer_kind === actor.actorKind && row.proposer === actor.actor) throw ownProposal();
  await lockDossiers(executor, tenant, [row.dossier_code]);
  const newEntry = await takePlace(executor, tenant, row, actor.correlationId);
  if (newEntry === null) throw moved();
  // An equal PUT names the exchange that carries the dossier now.
  await executor.execute(
    sql`update dossiers set exchange_id = ${newEntry}::bigint
        where tenant = ${tenant} and code = ${row.dossier_code} and exchange_id = ${row.entry_id}::bigint`,
  );
  await decide(executor, tenant, row, actor, { act: "approve", state: "approved", newEntry, reason: null });
};

/** Refuses a proposal; the entry stays as it is. The proposal's row is locked and open. */
export const rejectCorrection = (
  executor: Executor,
  tenant: string,
  row: CorrectionRow,
  actor: Actor,
  reason: Uint8Array,
): Promise<void> => decide(executor, tenant, row, actor, { act: "reject", state: "rejected", newEntry: null, reason });
