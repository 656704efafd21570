import type { Codes, ProfileTable } from "../../profile.ts";
import { CONNECTOR_PUBLIC_FIELDS } from "../../public-fields.ts";

/** np 3.3: other numbers than in shape A, and none for state bodies and organisations. */
export const APPLICANT_TYPE = {
  citizen: 0,
  enterprise: 1,
  agency: null,
  organisation: null,
} as const satisfies Codes<string>;

/** np 3.5: when a fee is collected. */
export const COLLECTED_AT = { intake: "1", supplement: "2", result: "4" } as const;

/** np 3.5: a normal fee. Appraisal and extension are told apart by shape C alone; both of our kinds are normal. */
export const NORMAL_FEE = "1";

/** np 3.5, `LoaiBan`: what is uploaded is an electronic copy. */
export const ELECTRONIC = 2;

/** np 2.3: fees and results go along with these statuses alone. */
export const STATUSES_WITH_LISTS: readonly number[] = [5, 6, 9];

/** Shape C, "connector-v1": a token, files first, numbers (np 1.3, 2.3, 3.3, 3.5). */
export const CONNECTOR: ProfileTable = {
  name: "connector-v1",
  operations: {
    /** No look-up, and no promise about a repeated create is known: it may show twice after an unknown outcome. */
    "dossier.put": { idempotent: false, probe: false, repeatable: true },
    "dossier.step": { idempotent: false, probe: false, repeatable: true },
    /** Sets a status: the same again changes nothing. */
    "dossier.status": { idempotent: true, probe: false, repeatable: true },
  },
  // np 6, item 8, for the fields that this shape has: `NguoiXuLy`, and `TenGiayTo` for every file.
  limits: { officerName: 50, fileName: 2000, paperName: 2000 },
  applicantType: APPLICANT_TYPE,
  foldsPortalBorn: false,
  afterRefusedUpdate: "stands",
  notCarried: [
    "summary",
    "receiptNumber",
    "dueAt",
    "finishedAt",
    "returnedAt",
    "refusedAt",
    "note",
    "returnNote",
    "otherInfo",
    "hasDigitisedComponents",
    "vneidVerified",
    "onlinePayment",
    "databasesUsed",
    "otherPapers",
    "supplements",
  ],
  updateCarries: ["status", "fees", "results"],
  files: "uploads",
  publicFields: CONNECTOR_PUBLIC_FIELDS,
};
