import type { Adapter, Message, PlatformId } from "../../contracts/adapter.ts";
import { type FieldError, GatewayError } from "../../contracts/errors.ts";
import type { Database } from "../database/database.ts";
import type { Answer } from "../ledger/answer-once.ts";
import type { RulebookShelf } from "../life-cycle/rulebook/rulebook-shelf.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";
import type { Acceptance } from "./acceptance/acceptance.ts";

/** Everything the dossier operations need. One per process on Node, one per request on Workers. */
export interface DossierOffice {
  readonly database: Database;
  readonly tenant: string;
  readonly now: () => Date;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly hashes: SearchHashes;
  /** What the life cycle is judged by. */
  readonly rulebooks: RulebookShelf;
  /** The platform that dossiers are synced to, or null while none is configured. */
  readonly portal: Adapter | null;
  /** What becomes of files: whether their bytes can be read here, and which of a message the portal could not open. */
  readonly files: {
    readonly readsFiles: boolean;
    advise(message: Message): readonly FieldError[];
    /** The id in the address of an upload; null: it is none of ours. */
    readonly uploadIn: (url: string) => string | null;
  };
  /** Told after commit that a platform has work. */
  readonly wake: (platform: PlatformId) => void;
  /** Commits one call together with whoever calls at the same time; returns when it is durable. */
  readonly accept: (acceptance: Acceptance) => Promise<Answer>;
}

/** The platform dossiers go to. @throws GatewayError `not_configured` */
export const portalOf = ({ portal }: Pick<DossierOffice, "portal">): Adapter => {
  if (portal !== null) return portal;
  throw new GatewayError("not_configured", {
    detail: {
      vi: "Chưa khai báo kết nối Cổng Dịch vụ công quốc gia (NATIONAL_PORTAL_URL).",
      en: "The national portal is not configured (NATIONAL_PORTAL_URL).",
    },
    retryAfterSeconds: 60,
  });
};
