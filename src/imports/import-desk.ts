import { GatewayError } from "../../contracts/errors.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import type { ImportFinding, ImportState, ImportView } from "../../contracts/services/imports.ts";
import type { Caller } from "../caller.ts";
import { type Database, type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { portalOf } from "../dossiers/dossier-office.ts";
import type { Answer } from "../ledger/answer-once.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import type { ImportParts } from "./import-parts.ts";
import { type ImportPage, listImports, readImport } from "./read-imports.ts";
import { readReport } from "./read-report.ts";
import { type IncomingImport, receiveUpload } from "./upload/receive-upload.ts";

/** What a person can do to an import. */
export type ImportAct = "pause" | "resume" | "cancel" | "delete";

/** What clients and people see and do about imports (api section 3). */
export interface ImportDesk {
  /** Takes a file; answers when all of its lines are stored. @throws GatewayError */
  receive(caller: Caller, incoming: IncomingImport): Promise<Answer>;
  list(boundary: Boundary, page: { limit: number; after?: { id: string } | undefined }): Promise<ImportPage>;
  read(boundary: Boundary, id: string): Promise<ImportView | null>;
  /** The import as it is then, or as it was when it is deleted. What was accepted stays. @throws GatewayError `not_found`, `conflict` */
  act(executor: Executor, boundary: Boundary, id: string, act: ImportAct, actor: Actor): Promise<ImportView>;
  /** Whether it may be read is for `read` to tell. */
  report(id: string): AsyncIterable<ImportFinding[]>;
}

/** The state each act leads to, and those it leads from. */
const ACTS = {
  pause: { to: "paused", from: ["running"] },
  resume: { to: "running", from: ["paused"] },
  cancel: { to: "cancelled", from: ["running", "paused"] },
  delete: { to: "deleted", from: ["incomplete", "cancelled", "finished"] },
} as const satisfies Record<ImportAct, { to: ImportState | "deleted"; from: readonly ImportState[] }>;

const over = (state: string): GatewayError =>
  new GatewayError("conflict", {
    detail: {
      vi: `Không thực hiện được khi đợt nạp ở trạng thái ${state}.`,
      en: `This cannot be done to an import that is ${state}.`,
    },
  });

/** The desk over one database. */
export const createImportDesk = (parts: ImportParts, database: Database): ImportDesk => {
  const { tenant, sealer, fingerprints, portal } = parts;
  const find = async (executor: Executor, boundary: Boundary, id: string): Promise<ImportView> => {
    const found = await readImport(executor, tenant, boundary, id);
    if (found === null) throw new GatewayError("not_found");
    return found;
  };
  return {
    receive: (caller, incoming) => {
      portalOf({ portal });
      return receiveUpload({ database, tenant, sealer, fingerprints }, caller, incoming);
    },
    list: (boundary, page) => listImports(database, tenant, boundary, page),
    read: (boundary, id) => readImport(database, tenant, boundary, id),
    act: async (executor, boundary, id, act, actor) => {
      const { to, from } = ACTS[act];
      const before = await find(executor, boundary, id);
      const isEnd = to === "cancelled" || to === "deleted";
      const changed = await rows(
        executor,
        sql`update imports set state = ${to}, next_at = now(), stepped_at = now(), is_held = false, is_unclean = is_unclean or ${isEnd}::boolean,
                   finished_at = case when ${to === "cancelled"}::boolean then now() else finished_at end
            where tenant = ${tenant} and id = ${id}::bigint and state = any(${`{${from.join(",")}}`}::text[]) returning id`,
      );
      const after = changed.length > 0 && act === "delete" ? before : await find(executor, boundary, id);
      if (changed.length === 0 && after.state !== to) throw over(after.state);
      const detail = { before: before.state };
      await recordAct(executor, tenant, { ...actor, action: `import.${act}`, subject: id, detail });
      return after;
    },
    report: (id) => readReport({ database, tenant, sealer }, id),
  };
};
