import type { Adapter, CallContext, Outcome, PlatformCache, Reading } from "../../contracts/adapter.ts";
import type { FieldError } from "../../contracts/errors.ts";
import type { DossierMessage, ProfileTable, SubmissionMessage } from "./profile.ts";

/** How the portal's side of a comparison is known (design section 7). */
export type CompareSource = NonNullable<NonNullable<Adapter["compare"]>["source"]>;

/** A step among others of one call. */
export interface PackedStep {
  readonly message: Extract<DossierMessage, { operation: "dossier.step" }>;
  readonly nationalStatus: string;
}

/** One profile, ready to speak. Messages come checked, statuses as national codes, folded where the profile folds. */
export interface Dialect {
  readonly profile: ProfileTable;
  /** Pure: what this deployment of the profile cannot be sent, beyond what the table says. */
  check?(message: DossierMessage): readonly FieldError[];
  /** One try at the exchange. */
  perform(message: DossierMessage, nationalStatus: string, call: CallContext): Promise<Outcome>;
  /** One try at several steps of one dossier in one call. */
  performSteps(steps: readonly PackedStep[], call: CallContext): Promise<Outcome>;
  /** The body that `perform` would send first, as its evidence shows it; makes no call. */
  preview(message: DossierMessage, nationalStatus: string, cache: PlatformCache): Promise<Reading<string>>;
  /** What is about no dossier, where the profile has services for it. */
  readonly submissions?: SubmissionSpeaker;
  /** The catalogue of procedures, where the profile can ask for it. */
  readonly catalogue?: NonNullable<Adapter["catalogue"]>;
  /** What waits at the portal for the province, where the profile can ask for it. */
  readonly fetching?: NonNullable<Adapter["fetching"]>;
  /** The national store of personal papers, where the profile can ask it. */
  readonly papers?: NonNullable<Adapter["papers"]>;
  /** What the portal holds, where the profile can ask for it. */
  readonly compareSource?: CompareSource;
}

/** Sends what is about no dossier (np 2.5). */
export interface SubmissionSpeaker {
  perform(message: SubmissionMessage, call: CallContext): Promise<Outcome>;
  preview(message: SubmissionMessage): string;
}

/** What a message that has only one answer came to. */
export const settled = (reading: Reading<null>): Outcome =>
  reading.ok ? { delivered: true } : { delivered: false, fault: reading.fault };
