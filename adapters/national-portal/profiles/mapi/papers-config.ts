import { PAPERS_PROVIDER_URL } from "../../../../contracts/platforms/national-portal/personal-papers.ts";
import type { PortalSettings } from "../../settings.ts";

/** How the store of personal papers is asked (np 2.5). Holds a secret. */
export interface PapersConfig {
  /** Path of the list, below `url`; no document names it. */
  readonly listPath: string;
  /** Path of the files, below `url`; no document names it. */
  readonly filePath: string;
  /** Goes in the query, behind the portal's own destination (np 1.1). */
  readonly providerUrl: string;
  readonly username: string;
  readonly password: string;
}

/** Reads the settings `NATIONAL_PORTAL_PAPERS_*`; without a path of the list the store is not asked. */
export const readPapers = (settings: PortalSettings): { readonly papers?: PapersConfig } => {
  const listPath = settings.path("PAPERS_LIST_PATH");
  if (listPath === undefined) return {};
  settings.required("PAPERS_FILE_PATH", "the path of the store's files, which no public document names");
  return {
    papers: {
      listPath,
      filePath: settings.path("PAPERS_FILE_PATH") ?? "",
      providerUrl: settings.address("PAPERS_PROVIDER_URL") ?? PAPERS_PROVIDER_URL,
      username: settings.required("PAPERS_USERNAME", "the account that the store gave the province"),
      password: settings.required("PAPERS_PASSWORD", "the password of that account"),
    },
  };
};
