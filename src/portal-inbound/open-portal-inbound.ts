import type { PlatformId } from "../../contracts/adapter.ts";
import { normalizeAgencyCode } from "../../contracts/identifiers.ts";
import type { PortalDialect } from "../../contracts/portal-inbound.ts";
import type { Database, Executor } from "../database/database.ts";
import { withinPatience } from "../database/within-patience.ts";
import type { Inbox } from "../inbox/open-inbox.ts";
import { createCauseKey } from "../ledger/groups/cause-key.ts";
import { createPlatformCache } from "../ledger/platform-cache.ts";
import { createFileCipher } from "../security/file-cipher.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { LedgerKeys } from "../security/ledger-keys.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";
import { createByteBudget } from "./byte-budget.ts";
import { type FetchedPlatform, type FetchStep, openFetching } from "./fetch/open-fetching.ts";
import { eraseLeftFiles } from "./fetch/stage-files.ts";
import type { InboundParts } from "./inbound-parts.ts";
import type { InboundSettings } from "./inbound-settings.ts";
import { eraseBodies } from "./keep-files.ts";
import { createPortalDesk, type PortalDesk } from "./portal-desk.ts";
import { rereadParked } from "./reread-parked.ts";

/** Bodies of pushes are at most this large (api section 1). */
export const MOST_PUSH_BYTES = 80 * 1024 * 1024;

/** A push with its files is written in one transaction; the largest take seconds. */
const PATIENCE_MS = 60_000;

/** What the deployment's inbound side is made of. */
export interface PortalInboundParts {
  readonly platform: PlatformId;
  readonly dialect: PortalDialect;
  readonly settings: InboundSettings;
  readonly tenant: string;
  readonly agencyCode: string;
  readonly publicUrl: string;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly hashes: SearchHashes;
  readonly keys: LedgerKeys;
  readonly now: () => Date;
  readonly inbox: Inbox;
  /** Files that messages name by their addresses are fetched. */
  readonly fetchesFiles: boolean;
  /** `FILE_MAX_BYTES`. */
  readonly mostFileBytes: number;
}

/** What comes from the portal: one for the deployment, over whatever database it is given. */
export interface PortalInbound {
  desk(pool: Database, told: () => void): PortalDesk;
  /** Reads a parked message once more, in the caller's transaction. */
  reread(executor: Executor, id: string): Promise<void>;
  /** What fetches from the portal; undefined: its profile has nothing to fetch. */
  fetcher(platform: FetchedPlatform): FetchStep | undefined;
  /** Erases bodies that retention has done with. @returns how many */
  erase(database: Database): Promise<number>;
}

/** Puts the inbound side together. */
export const openPortalInbound = (given: PortalInboundParts): PortalInbound => {
  const { tenant, platform, fingerprints, agencyCode, keys, inbox } = given;
  const parts: InboundParts = {
    ...given,
    agency: normalizeAgencyCode(agencyCode),
    cipher: createFileCipher(keys),
    causeKey: createCauseKey(fingerprints, platform),
    tell: inbox.record,
  };
  // Two of the largest at once from whom we know, one from whom we do not: what they hold together bounds the process's memory.
  const budgets = { believed: createByteBudget(2 * MOST_PUSH_BYTES), unknown: createByteBudget(MOST_PUSH_BYTES) };
  return {
    desk: (pool, told) => {
      const database = withinPatience(pool, PATIENCE_MS);
      const cache = createPlatformCache(database, tenant, platform);
      return createPortalDesk({ ...parts, database, cache, budgets, told });
    },
    reread: (executor, id) => rereadParked(executor, parts, id),
    fetcher: (portal) => {
      const mostFileBytes = Math.min(given.mostFileBytes, MOST_PUSH_BYTES);
      return openFetching(parts, { everyMs: given.settings.fetch.everyMs, mostFileBytes }, portal);
    },
    erase: async (database) => (await eraseBodies(database, tenant)) + (await eraseLeftFiles(database, tenant)),
  };
};
