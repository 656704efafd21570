import { ERRORS } from "../../../contracts/errors.ts";
import type { Boundary } from "../../../contracts/ledger.ts";
import type { FailureGroup } from "../../../contracts/services/ledger-groups.ts";
import type { Language } from "../../../contracts/text.ts";
import { type Database, isoMoment } from "../../database/database.ts";
import { failureShape } from "./failure-shape.ts";
import { type GroupPosition, type GroupRow, readGroups } from "./read-groups.ts";

/** What people see of failures gathered by cause. */
export interface GroupDesk {
  list(
    boundary: Boundary,
    page: { limit: number; after?: GroupPosition | undefined },
    language: Language,
  ): Promise<{ items: FailureGroup[]; next: GroupPosition | null }>;
}

/** What the desk is made of. */
export interface GroupDeskParts {
  readonly database: Database;
  readonly tenant: string;
  /** Opens sealed evidence. */
  readonly open: (sealed: Uint8Array) => string;
}

/** The desk over one database. */
export const createGroupDesk = ({ database, tenant, open }: GroupDeskParts): GroupDesk => {
  const view = (row: GroupRow, language: Language): FailureGroup => {
    const { title, remedy } = ERRORS[row.error_code];
    const shape = row.message === null ? "" : failureShape(open(row.message));
    return {
      id: row.id,
      platform: row.platform,
      code: row.error_code,
      ...(row.platform_code !== null && { platformCode: row.platform_code }),
      shape: shape === "" ? title[language] : shape,
      count: row.count,
      dossiers: row.dossiers,
      waitingBehind: row.waiting_behind,
      firstSeen: isoMoment(row.first_seen),
      lastSeen: isoMoment(row.last_seen),
      remedy: remedy[language],
    };
  };
  return {
    list: async (boundary, { limit, after }, language) => {
      const found = await readGroups(database, tenant, boundary, limit, after);
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return {
        items: page.map((row) => view(row, language)),
        next: last === undefined ? null : { count: last.count, id: last.id },
      };
    },
  };
};
