import type { Message, Operation, OperationCapability } from "../../contracts/adapter.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";

/** The operations of this platform. */
export type DossierOperation = Extract<Operation, `dossier.${string}`>;

/** One exchange of this platform, in our words. */
export type DossierMessage = Extract<Message, { readonly operation: DossierOperation }>;

/** The operations of this platform that are about no dossier (np 2.5). */
export type SubmissionOperation = "question.put" | "question.answer" | "satisfaction.put";

/** One such exchange, in our words. */
export type SubmissionMessage = Extract<Message, { readonly operation: SubmissionOperation }>;

/** The wire dialects of the portal that are spoken (np, "read this first"). */
export const PROFILES = ["mapi", "lgsp-facade", "connector-v1"] as const;

/** One dialect's name, as `NATIONAL_PORTAL_PROFILE` gives it. */
export type ProfileName = (typeof PROFILES)[number];

/** Longest texts that a profile takes, in UTF-16 units; what it has no limit for, or does not carry, is absent. */
export interface Limits {
  readonly summary?: number;
  readonly note?: number;
  readonly officerName?: number;
  readonly fileName?: number;
  readonly paperName?: number;
}

/** Our words to a profile's codes; `null`: the profile has no code for it, so a message that needs one is refused. */
export type Codes<Word extends string> = Readonly<Record<Word, string | number | null>>;

/** What tells one dialect from another, as data: what may be repeated, what is refused, what is shown. */
export interface ProfileTable {
  readonly name: ProfileName;
  /** Of what is about no dossier, only what the dialect has a service for. */
  readonly operations: Readonly<
    Record<DossierOperation, OperationCapability> & Partial<Record<SubmissionOperation, OperationCapability>>
  >;
  readonly limits: Limits;
  readonly applicantType: Codes<Dossier["applicant"]["type"]>;
  /** The statuses of portal-born dossiers are folded to 2 and 5 (np 2.3). */
  readonly foldsPortalBorn: boolean;
  /**
   * What follows a refused update: a look-up says whether the dossier is missing; a create says it too, by being refused
   * with "đã tồn tại" or not; or nothing does, and the refusal stands.
   */
  readonly afterRefusedUpdate: "look-up" | "create" | "stands";
  /** What the dialect has no field for, once given. Told at accept. */
  readonly notCarried: readonly (keyof Dossier)[];
  /** What an update of a dossier already there carries: all of it, or these fields alone. Told at accept. */
  readonly updateCarries: "all" | readonly (keyof Dossier)[];
  /** Files go as bytes before the dossier, or as their addresses within it (np 3.6). */
  readonly files: "addresses" | "uploads";
  /** Names of wire fields without personal data, in lower case. */
  readonly publicFields: ReadonlySet<string>;
}
