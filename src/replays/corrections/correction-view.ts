import type { CorrectionView } from "../../../contracts/services/corrections.ts";
import { isoMoment } from "../../database/database.ts";
import { evidenceContext } from "../../ledger/ledger-desk.ts";
import type { PublicFields } from "../../ledger/mask.ts";
import { dossierContext } from "../../ledger/open-message.ts";
import type { Sealer } from "../../security/sealing.ts";
import { differenceOf } from "../difference.ts";
import type { CorrectionRow } from "./correction-row.ts";

/** A proposal as people see it; `visible`: the fields whose values are shown, null for all. */
export const correctionView = (
  row: CorrectionRow,
  tenant: string,
  sealer: Sealer,
  visible: PublicFields | null,
): CorrectionView => {
  const words = (sealed: Uint8Array) => sealer.open(sealed, evidenceContext(tenant));
  const payload = (sealed: Uint8Array): unknown =>
    JSON.parse(sealer.open(sealed, dossierContext(tenant, row.dossier_code)));
  return {
    id: row.id,
    entryId: row.entry_id,
    operation: row.operation,
    dossierCode: row.dossier_code,
    state: row.state,
    reason: words(row.reason),
    proposedBy: row.proposer,
    proposedAt: isoMoment(row.proposed_at),
    ...(row.decider !== null && { decidedBy: row.decider }),
    ...(row.decided_at !== null && { decidedAt: isoMoment(row.decided_at) }),
    ...(row.decision_reason !== null && { decisionReason: words(row.decision_reason) }),
    ...(row.new_entry !== null && { newEntry: row.new_entry }),
    // Once retention erased both nobody can tell what differed.
    difference:
      row.original === null || row.payload === null
        ? []
        : differenceOf(payload(row.original), payload(row.payload), visible),
  };
};
