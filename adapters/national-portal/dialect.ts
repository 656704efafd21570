import type { CallContext, Outcome, PlatformCache, Reading } from "../../contracts/adapter.ts";
import type { FieldError } from "../../contracts/errors.ts";
import type { DossierMessage, ProfileTable } from "./profile.ts";

/** One profile, ready to speak. Messages come checked, statuses as national codes, folded where the profile folds. */
export interface Dialect {
  readonly profile: ProfileTable;
  /** Pure: what this deployment of the profile cannot be sent, beyond what the table says. */
  check?(message: DossierMessage): readonly FieldError[];
  /** One try at the exchange. */
  perform(message: DossierMessage, nationalStatus: string, call: CallContext): Promise<Outcome>;
  /** The body that `perform` would send first, as its evidence shows it; makes no call. */
  preview(message: DossierMessage, nationalStatus: string, cache: PlatformCache): Promise<Reading<string>>;
}

/** What a message that has only one answer came to. */
export const settled = (reading: Reading<null>): Outcome =>
  reading.ok ? { delivered: true } : { delivered: false, fault: reading.fault };
