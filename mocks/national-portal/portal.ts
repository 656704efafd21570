import type { Hono } from "hono";
import type { CallLog } from "./call-log.ts";
import type { Dial } from "./dial.ts";
import type { Overlaps } from "./overlaps.ts";
import type { Sessions } from "./sessions.ts";
import type { PortalState } from "./state.ts";

/** One simulated national portal: the app that plays it, what it holds, and the dial that makes it misbehave. */
export interface NationalPortal {
  /** Answers as the portal does; `app.fetch(request)` is also an msw handler's resolver. */
  readonly app: Hono;
  readonly state: PortalState;
  readonly calls: CallLog;
  readonly overlaps: Overlaps;
  readonly dial: Dial;
  readonly sessions: Sessions;
  /** Field names that came and that the document does not know (np 2.2, 2.3). */
  readonly unknownFields: ReadonlySet<string>;
  /** Tells the portal of a dossier born on it, which `DongBoTrangThaiHoSo` may then name (np 2.1). */
  addPortalDossier(dossier: { readonly MaHoSo: string; readonly MaTTHC: string }): void;
  /** Forgets all dossiers, calls and unknown fields; sessions and the dial stay. */
  clear(): void;
}
