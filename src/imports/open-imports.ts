import type { PlatformId } from "../../contracts/adapter.ts";
import type { Database } from "../database/database.ts";
import { createImportDesk, type ImportDesk } from "./import-desk.ts";
import type { ImportParts } from "./import-parts.ts";
import { cleanImports } from "./work/clean-imports.ts";
import { createLinePreparer } from "./work/prepare-line.ts";
import { stepImport } from "./work/step-import.ts";

/** Imports of one deployment, over whatever database they are asked for. */
export interface Imports {
  desk(database: Database): ImportDesk;
  /** One bounded piece of the import that is due first; false: there is nothing to do for now. */
  step(database: Database, wake: (platform: PlatformId) => void): Promise<boolean>;
  /** Removes a bounded piece of what nobody needs any more; false: there is no more. */
  clean(database: Database): Promise<boolean>;
}

/** Opens imports. */
export const openImports = (parts: ImportParts): Imports => {
  const { provinceCode, dossierCodePattern, keptDays, tenant, ...services } = parts;
  const prepareLine = createLinePreparer(dossierCodePattern);
  const accept = () => Promise.reject(new Error("imports accept many at a time"));
  return {
    desk: (database) => createImportDesk(parts, database),
    step: (database, wake) =>
      stepImport({ office: { ...services, tenant, database, wake, accept }, provinceCode, prepareLine }),
    clean: (database) => cleanImports(database, tenant, keptDays),
  };
};
