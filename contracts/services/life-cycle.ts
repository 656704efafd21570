import type { Text } from "../text.ts";
import { DOSSIER_STATUSES, type DossierStatus } from "./dossier.ts";

/**
 * Which status may follow which (domain model of the one-stop regulations; national codes 1 to 10). A status may always
 * follow itself. A finished dossier changes only by a correction. Breaking this warns; it refuses nothing unless a
 * procedure's policy says so (api section 3, "Life-cycle rules").
 */
const FOLLOWS: Readonly<Record<DossierStatus, readonly DossierStatus[]>> = {
  submitted: ["accepted", "not-accepted", "supplement-required", "payment-required", "withdrawn"],
  accepted: ["processing", "supplement-required", "payment-required", "withdrawn", "finished"],
  "not-accepted": [],
  processing: ["supplement-required", "payment-required", "withdrawn", "stopped", "finished"],
  "supplement-required": ["submitted", "accepted", "processing", "withdrawn", "stopped"],
  "payment-required": ["accepted", "processing", "withdrawn", "stopped"],
  withdrawn: ["stopped", "submitted", "accepted", "processing", "supplement-required", "payment-required"],
  stopped: [],
  finished: ["returned"],
  returned: [],
};

/** The sentence of the warning `unusual_transition`. */
export const unusualTransition = (from: DossierStatus, to: DossierStatus): Text => ({
  vi: `Trạng thái chuyển từ ${code(from)} sang ${code(to)} không theo quy trình thường.`,
  en: `The status goes from ${from} to ${to}, which the usual life cycle does not.`,
});

const code = (status: DossierStatus): string => `${DOSSIER_STATUSES.indexOf(status) + 1} (${status})`;

/** Whether `to` may follow `from`. */
export const mayFollow = (from: DossierStatus, to: DossierStatus): boolean => from === to || FOLLOWS[from].includes(to);
