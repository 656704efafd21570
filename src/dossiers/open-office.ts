import type { GatewayError } from "../../contracts/errors.ts";
import { acceptGroup, GroupGivenUp, type GroupResult } from "./acceptance/accept-group.ts";
import { createAcceptLane, LANE_DEFAULTS } from "./acceptance/accept-lane.ts";
import type { Acceptance } from "./acceptance/acceptance.ts";
import { keyName } from "./acceptance/take-keys.ts";
import type { DossierOffice } from "./dossier-office.ts";

/** What an office is opened with. */
export interface OfficeParts extends Omit<DossierOffice, "accept"> {
  readonly provinceCode: string;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** The database cannot serve now: a failure of everyone in a group, not of one of them. */
  readonly isDatabaseAway: (error: unknown) => boolean;
}

/** Another process may make the same new dossier again and again only if someone puts it again and again. */
const MOST_TRIES = 5;

/** Its dossier, and its key: of two calls with one key the second must see what the first one's commit left. */
const subjectsOf = ({ code, caller: { idempotencyKey } }: Acceptance): string[] =>
  idempotencyKey === undefined ? [code] : [code, keyName(idempotencyKey)];

const answerOf = (result: GroupResult) => {
  if ("answer" in result) return result.answer;
  throw result.refused satisfies GatewayError;
};

/**
 * Opens the office: calls are accepted in groups that share a commit, and the platform is woken after it. The lane belongs
 * to the office: one per process on Node, one per request on Workers, where requests must not wait for each other.
 */
export const openOffice = (parts: OfficeParts): DossierOffice => {
  const { provinceCode, elapsed, isDatabaseAway, ...services } = parts;
  const run = async (group: readonly Acceptance[]): Promise<readonly GroupResult[]> => {
    for (let tries = 1; ; tries++) {
      try {
        const results = await acceptGroup(office, provinceCode, group);
        if (services.portal !== null) services.wake(services.portal.platform);
        return results;
      } catch (error) {
        if (!(error instanceof GroupGivenUp) || group.length > 1 || tries === MOST_TRIES) throw error;
      }
    }
  };
  const lane = createAcceptLane(subjectsOf, run, isDatabaseAway, { ...LANE_DEFAULTS, elapsed });
  const office: DossierOffice = { ...services, accept: async (acceptance) => answerOf(await lane.accept(acceptance)) };
  return office;
};
