import type { SettingsReader } from "../settings-reader.ts";

/** When and how reconciliation works by itself (design section 7). */
export interface ReconcileSettings {
  /** `RECONCILE_AT`: minutes after midnight in Vietnam at which a night's run begins; null: only on demand. */
  readonly at: number | null;
  /** `RECONCILE_REPAIR`: `safe` mends by itself what an exchange can mend; `off`: a person does. */
  readonly repair: "off" | "safe";
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/u;

/** Reads them. @param fallback of `RECONCILE_AT`. */
export const readReconcileSettings = (reader: SettingsReader, fallback: string): ReconcileSettings => {
  const at = reader.text("RECONCILE_AT") ?? fallback;
  const repair = reader.oneOf("RECONCILE_REPAIR", ["off", "safe"] as const, "off");
  if (at === "off") return { at: null, repair };
  const [, hours, minutes] = TIME.exec(at) ?? [];
  if (hours === undefined) reader.fault('RECONCILE_AT is neither a time of day such as 01:30 (Vietnam) nor "off"');
  return { at: hours === undefined ? null : Number(hours) * 60 + Number(minutes), repair };
};
