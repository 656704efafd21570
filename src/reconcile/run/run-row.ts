import type { PlatformId } from "../../../contracts/adapter.ts";
import type { ComparedKind } from "../../../contracts/comparer.ts";
import type { ComparisonSource, ReconciliationFilter } from "../../../contracts/services/reconciliations.ts";
import type { AuditedAct } from "../../security/audit.ts";

/** A reconciliation as whoever works at it needs it. */
export interface RunRow {
  id: string;
  platform: PlatformId;
  source: ComparisonSource;
  sees: ComparedKind[];
  phase: "fetch" | "dossiers" | "strangers";
  agency: string | null;
  filter: ReconciliationFilter | null;
  list_id: string | null;
  actor_kind: AuditedAct["actorKind"];
  actor: string;
  correlation_id: string;
  cursor: string;
  fruitless: number;
  /** Counts those who took it: only the last of them may write. */
  fence: number;
}
