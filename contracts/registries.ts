/**
 * The registries that an officer asks about a person or an enterprise (api section 5). Each is a capability of an
 * adapter: one question, nothing remembered between two. `Call` is what an exchange is handed, `Failed` how a question
 * goes wrong (contracts/adapter.ts).
 */
type Answered<Value, Failed> = Promise<{ readonly ok: true; readonly value: Value } | Failed>;

/** Who asks, and what for: from the authenticated context and the stored dossier, never from a request's body. */
export interface LookupPurpose {
  /** Unique for each asking: a repetition gets a new one. At most 40 visible ASCII characters. */
  readonly requestId: string;
  /** At most 20 characters (registries section 2.2, `MaCanBo`). */
  readonly officerCode: string;
  readonly officerName: string;
  /** The officer's agency, such as `000.00.00.H04`. */
  readonly agency: string;
  /** The procedure of the dossier that is the reason. */
  readonly procedureCode: string;
  readonly dossierCode: string;
}

/** One citizen, named completely: a registry matches, it does not search (registries section 0, fact 5). */
export interface CitizenQuery {
  /** `personal-id`: 12 digits; `old-id`: 9 digits. */
  readonly identity: { readonly kind: "personal-id" | "old-id"; readonly value: string };
  /** NFC, as written with accents. */
  readonly fullName: string;
  /** `YYYY-MM-DD`, or only the year `YYYY` where no more is known. */
  readonly born: string;
}

/** An address as a registry gives it; parts that it does not give are absent. */
export interface CitizenAddress {
  readonly provinceCode?: string;
  readonly districtCode?: string;
  readonly wardCode?: string;
  readonly detail?: string;
  /** ISO 3166 alpha-2. */
  readonly country?: string;
}

/** Somebody's relative. */
export interface CitizenRelative {
  readonly fullName: string;
  readonly personalId?: string;
  readonly oldId?: string;
  readonly nationality?: string;
  /** The registry's code of the relation to the head of the household. */
  readonly relation?: string;
}

/** What the population registry knows about a citizen (registries section 2.3). Codes are the registry's own. */
export interface Citizen {
  readonly personalId?: string;
  readonly oldId?: string;
  readonly fullName: string;
  /** `YYYY-MM-DD` or `YYYY`. */
  readonly born?: string;
  readonly gender?: string;
  readonly ethnicity?: string;
  readonly religion?: string;
  readonly maritalStatus?: string;
  readonly bloodGroup?: string;
  readonly nationality?: string;
  readonly birthRegistration?: CitizenAddress;
  readonly origin?: CitizenAddress;
  readonly permanentResidence?: CitizenAddress;
  readonly currentResidence?: CitizenAddress;
  readonly father?: CitizenRelative;
  readonly mother?: CitizenRelative;
  readonly spouse?: CitizenRelative;
  readonly representative?: CitizenRelative;
  readonly householdHead?: CitizenRelative;
}

/** The fields of a citizen, for allow-lists. */
export const CITIZEN_FIELDS = [
  "personalId",
  "oldId",
  "fullName",
  "born",
  "gender",
  "ethnicity",
  "religion",
  "maritalStatus",
  "bloodGroup",
  "nationality",
  "birthRegistration",
  "origin",
  "permanentResidence",
  "currentResidence",
  "father",
  "mother",
  "spouse",
  "representative",
  "householdHead",
] as const satisfies readonly (keyof Citizen)[];

/** The name of one field. */
export type CitizenField = (typeof CITIZEN_FIELDS)[number];

/** The registry of the population. `not-matched`: not found and found with other data cannot be told apart. */
export interface CitizenRegistry<Call, Failed> {
  find(
    query: CitizenQuery,
    purpose: LookupPurpose,
    call: Call,
  ): Answered<{ readonly outcome: "matched"; readonly citizen: Citizen } | { readonly outcome: "not-matched" }, Failed>;
}

/** The registers of businesses. */
export const BUSINESS_KINDS = ["enterprise", "household", "cooperative"] as const;

/** One register of businesses. */
export type BusinessKind = (typeof BUSINESS_KINDS)[number];

/** How a business stands; what a registry says and we do not know is `unknown`, never `active`. */
export const BUSINESS_STATUSES = [
  "active",
  "suspended",
  "dissolving",
  "dissolved",
  "bankrupt",
  "revoked",
  "merged",
  "not-at-address",
  "unknown",
] as const;

/** One standing of a business. */
export type BusinessStatus = (typeof BUSINESS_STATUSES)[number];

/** A business as its register knows it (api section 5; registries section 2.4 and following). */
export interface Business {
  readonly code: string;
  readonly names: { readonly vietnamese: string; readonly foreign?: string; readonly short?: string };
  readonly status: BusinessStatus;
  /** The registry's own words for the status. */
  readonly statusText?: string;
  /** The legal form, in the registry's words. */
  readonly type?: string;
  /** `YYYY-MM-DD`. */
  readonly foundedAt?: string;
  readonly lastChangedAt?: string;
  /** In one line. */
  readonly address?: string;
  /** VND as exact decimal text, never through a float. */
  readonly capital?: string;
  readonly representatives: readonly { readonly fullName: string; readonly title?: string }[];
  readonly activities: readonly { readonly code: string; readonly name: string; readonly main: boolean }[];
}

/** The registers of businesses. */
export interface BusinessRegistry<Call, Failed> {
  /** Which registers this profile can ask. */
  readonly kinds: readonly BusinessKind[];
  /** The business of this code, or null when the register holds none. */
  find(kind: BusinessKind, code: string, call: Call): Answered<Business | null, Failed>;
}
