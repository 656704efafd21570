import { DOSSIER_STATUSES, type DossierStatus } from "../../contracts/services/dossier.ts";

/** Our status words to the national codes of np 3.1; `null`: the province sends no dossier in that status. */
export type StatusMap = Readonly<Record<DossierStatus, string | null>>;

const CODE = /^\d{1,3}$/u;

/** The ten statuses in the order of api section 3 are the national codes 1 to 10 (np 3.1). */
export const DEFAULT_STATUS_MAP: StatusMap = {
  submitted: "1",
  accepted: "2",
  "not-accepted": "3",
  processing: "4",
  "supplement-required": "5",
  "payment-required": "6",
  withdrawn: "7",
  stopped: "8",
  finished: "9",
  returned: "10",
};

// np 2.3: a portal-born dossier is told 2 (accepted) or 5 (supplement or refused) and nothing finer.
const FOLDED: Readonly<Record<string, "2" | "5">> = {
  "2": "2",
  "3": "5",
  "4": "2",
  "5": "5",
  "6": "2",
  "7": "5",
  "8": "5",
  "9": "2",
  "10": "2",
};

/**
 * The code that `DongBoTrangThaiHoSo` takes for a national code (np 2.3). `null` for 1 (newly filed): the dossier
 * was filed at the portal, which shows it so already, so there is nothing to tell. A code that the administrator
 * brought in from outside the ten (one province sends 11) goes out as configured.
 */
export const foldForPortalBorn = (code: string): string | null => (code === "1" ? null : (FOLDED[code] ?? code));

const isStatus = (word: string): word is DossierStatus => (DOSSIER_STATUSES as readonly string[]).includes(word);

const parseObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Reads the setting `_STATUS_MAP`: a JSON object from our status words to national codes (text) or null, laid over
 * the default, because real systems disagree about the table (np 3.1).
 * @returns the whole map and every fault found, each worded to follow the setting's name.
 */
export const readStatusMap = (text: string | undefined): { map: StatusMap; faults: string[] } => {
  if (text === undefined) return { map: DEFAULT_STATUS_MAP, faults: [] };
  const given = parseObject(text);
  if (given === undefined) {
    return { map: DEFAULT_STATUS_MAP, faults: ['is not a JSON object such as {"stopped":"8","withdrawn":null}'] };
  }
  const map: Record<DossierStatus, string | null> = { ...DEFAULT_STATUS_MAP };
  const faults: string[] = [];
  for (const [word, code] of Object.entries(given)) {
    if (!isStatus(word)) faults.push(`knows no status "${word}"; use ${DOSSIER_STATUSES.join(", ")}`);
    else if (code === null || (typeof code === "string" && CODE.test(code))) map[word] = code;
    else faults.push(`gives "${word}" something else than a national code in quotes, such as "8", or null`);
  }
  return { map, faults };
};
