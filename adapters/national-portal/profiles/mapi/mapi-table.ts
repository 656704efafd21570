import type { ProfileTable } from "../../profile.ts";
import { PUBLIC_FIELDS } from "../../public-fields.ts";

/** Shape A, "mapi": the portal's own interface (np 1.1, 2). */
export const MAPI: ProfileTable = {
  name: "mapi",
  operations: {
    /** Sent again as an update, and `TraCuuHoSo` tells whether a create arrived. */
    "dossier.put": { idempotent: true, probe: true, repeatable: true },
    /** The portal appends and cannot be asked; a step shown twice is better than one never shown. */
    "dossier.step": { idempotent: false, probe: false, repeatable: true },
    /** Sets a status: the same again changes nothing. */
    "dossier.status": { idempotent: true, probe: false, repeatable: true },
    /** Found again by its number: the same again replaces it. */
    "question.put": { idempotent: true, probe: false, repeatable: true },
    /** A question has a list of answers, and none has a number of ours (np 2.5): one sent twice may show twice. */
    "question.answer": { idempotent: false, probe: false, repeatable: true },
    /** One row for each month, procedure and agency. */
    "satisfaction.put": { idempotent: true, probe: false, repeatable: true },
  },
  // np 2.2, 2.3 and np 6, item 8, counted as its own clients count them.
  limits: { summary: 1000, note: 2000, officerName: 50, fileName: 4000, paperName: 2000 },
  // np 3.3.
  applicantType: { citizen: "1", enterprise: "2", agency: "3", organisation: "4" },
  foldsPortalBorn: true,
  afterRefusedUpdate: "look-up",
  notCarried: [],
  updateCarries: "all",
  files: "addresses",
  publicFields: PUBLIC_FIELDS,
};
