import type { AccessRecordView } from "../../contracts/services/access-records.ts";
import type { Database } from "../database/database.ts";
import { readRulebook } from "../life-cycle/rulebook/read-rulebook.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";
import { officerContext } from "./access-log.ts";
import { type AccessFilter, type AccessPage, type AccessPosition, listAccesses } from "./list-accesses.ts";
import { workingDaysBefore } from "./working-days-before.ts";

/** What a reader asks for. */
export interface AccessQuestion extends Omit<AccessFilter, "subjects" | "missingBefore"> {
  /** One whole identity value. */
  readonly subject?: string | undefined;
  /** Only those whose dossier has not appeared in three working days. */
  readonly missingDossier?: boolean | undefined;
}

/** Answers who asked about whom. */
export interface AccessDesk {
  list(
    question: AccessQuestion,
    page: Omit<AccessPage, "openName">,
  ): Promise<{ items: AccessRecordView[]; next: AccessPosition | null }>;
}

/** What the desk is made of. */
export interface AccessDeskParts {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly hashes: SearchHashes;
  readonly now: () => Date;
}

/** So long a dossier may take from its intake to its first put. */
const MISSING_WORKING_DAYS = 3;

/** A desk over one database. */
export const createAccessDesk = ({ database, tenant, sealer, hashes, now }: AccessDeskParts): AccessDesk => {
  const openName = (sealed: Uint8Array, id: string): string | undefined => {
    try {
      return sealer.open(sealed, officerContext(tenant, id));
    } catch {
      return undefined;
    }
  };
  const missingBefore = async (): Promise<number> => {
    const { calendar } = await readRulebook(database, tenant);
    return workingDaysBefore(calendar, now().getTime(), MISSING_WORKING_DAYS);
  };
  return {
    list: async ({ subject, missingDossier = false, ...filter }, page) => {
      const subjects = subject === undefined ? undefined : hashes.queryTokens(subject).whole;
      const before = missingDossier ? await missingBefore() : undefined;
      return listAccesses(database, tenant, { ...filter, subjects, missingBefore: before }, { ...page, openName });
    },
  };
};
