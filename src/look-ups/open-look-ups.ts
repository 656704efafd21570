import type { PlatformId } from "../../contracts/adapter.ts";
import type { Database } from "../database/database.ts";
import type { Files } from "../files/open-files.ts";
import type { PlatformCalls } from "../resilience/platform-calls.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";
import { type AccessDesk, createAccessDesk } from "./access-desk.ts";
import { createAccessLog } from "./access-log.ts";
import { type BusinessDesk, createBusinessDesk } from "./business-desk.ts";
import { type CitizenDesk, createCitizenDesk, POPULATION } from "./citizen-desk.ts";
import { createDeferredDesk, type DeferredDesk } from "./deferred/deferred-desk.ts";
import type { LookUpSettings } from "./look-up-settings.ts";
import { createPapersDesk, type PapersDesk } from "./papers/papers-desk.ts";

/** What look-ups are made of, whatever database their records are in. */
export interface LookUpParts {
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly hashes: SearchHashes;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly settings: LookUpSettings;
  /** Where fetched papers are kept. */
  readonly files: Pick<Files, "desk">;
}

/** The desks of look-ups. */
export interface LookUpDesks {
  readonly citizens: CitizenDesk & DeferredDesk;
  readonly businesses: BusinessDesk;
  readonly accesses: AccessDesk;
  readonly papers: PapersDesk;
}

/** How a platform is called while somebody waits; undefined: it is not configured. */
export type CallsOf = (platform: PlatformId) => PlatformCalls | undefined;

/** Look-ups over whatever database they are given. */
export interface LookUps {
  /** @param recording where accesses are recorded: it must not keep callers waiting for long. */
  desks(recording: Database, reading: Database, callsOf: CallsOf, wake: (platform: PlatformId) => void): LookUpDesks;
}

/** Puts look-ups together. */
export const openLookUps = (parts: LookUpParts): LookUps => {
  const { tenant, sealer, hashes, now, elapsed, settings, files } = parts;
  return {
    desks: (recording, reading, callsOf, wake) => {
      const accesses = createAccessLog({ database: recording, tenant, elapsed });
      const usual = { tenant, sealer, hashes, accesses, callsOf, elapsed };
      const asking = { ...usual, perOfficerHour: settings.perOfficerHour };
      const deferred = createDeferredDesk({ ...asking, database: recording, wake: () => wake(POPULATION) });
      return {
        citizens: { ...createCitizenDesk(asking), ...deferred },
        businesses: createBusinessDesk({ ...usual, database: recording }),
        papers: createPapersDesk({ ...asking, database: reading, files: files.desk(reading), now }),
        accesses: createAccessDesk({ database: reading, tenant, sealer, hashes, now }),
      };
    },
  };
};
