import type { ProfileTable } from "../../profile.ts";
import { MAPI } from "../mapi/mapi-table.ts";

/**
 * Shape B, "lgsp-facade": the objects of shape A, behind the province's own platform for integration (np 1.2). Nothing
 * can be looked up there, but a create of a dossier that is there says so ("đã tồn tại"): it is its own question.
 */
export const FACADE: ProfileTable = {
  ...MAPI,
  name: "lgsp-facade",
  operations: {
    "dossier.put": { idempotent: true, probe: false, repeatable: true },
    "dossier.step": MAPI.operations["dossier.step"],
    "dossier.status": MAPI.operations["dossier.status"],
  },
  afterRefusedUpdate: "create",
};
