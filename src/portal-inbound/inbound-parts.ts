import type { Fault, PlatformId } from "../../contracts/adapter.ts";
import type { PortalDialect } from "../../contracts/portal-inbound.ts";
import type { Executor } from "../database/database.ts";
import type { NewEvent } from "../inbox/record-events.ts";
import type { InboundSettings } from "./inbound-settings.ts";
import type { KeepingParts } from "./keep-files.ts";
import type { StoringParts } from "./pushed-dossier.ts";

/** What taking pushes needs, whatever database it is over. */
export interface InboundParts extends KeepingParts, StoringParts {
  readonly platform: PlatformId;
  readonly dialect: PortalDialect;
  readonly settings: InboundSettings;
  /** Files that messages name by their addresses are fetched. */
  readonly fetchesFiles: boolean;
  /** `AGENCY_CODE` as it was given. */
  readonly agencyCode: string;
  /** Its canonical form: who has what has no owner (api section 8). */
  readonly agency: string;
  readonly now: () => Date;
  /** Records events in the caller's transaction. @returns whether webhooks have work after the commit */
  readonly tell: (executor: Executor, events: readonly NewEvent[]) => Promise<boolean>;
  /** Names the cause of a failure, as the dispatcher does. */
  readonly causeKey: (fault: Fault) => string;
}
