import type { Hono } from "hono";
import type { HoSo } from "../../contracts/platforms/national-portal/wire.ts";
import type { CallLog } from "./call-log.ts";
import type { Dial } from "./dial.ts";
import type { FiledDossier } from "./filed-dossiers.ts";
import type { AskedQuestion } from "./held-submissions.ts";
import type { Overlaps } from "./overlaps.ts";
import type { HeldPapers } from "./personal-papers.ts";
import type { ProcedureCatalogue } from "./procedures.ts";
import type { Sessions } from "./sessions.ts";
import type { PortalState } from "./state.ts";

/** What a rehearsal has to say of a dossier that the portal holds. */
export type LoadedDossier = Pick<HoSo, "MaHoSo" | "TrangThaiHoSo"> & Partial<HoSo>;

/** One simulated national portal: the app that plays it, what it holds, and the dial that makes it misbehave. */
export interface NationalPortal {
  /** Answers as the portal does; `app.fetch(request)` is also an msw handler's resolver. */
  readonly app: Hono;
  readonly state: PortalState;
  /** What the portal publishes of procedures; a rehearsal may change it. */
  readonly catalogue: ProcedureCatalogue;
  readonly calls: CallLog;
  readonly overlaps: Overlaps;
  readonly dial: Dial;
  readonly sessions: Sessions;
  /** Field names that came and that the document does not know (np 2.2, 2.3). */
  readonly unknownFields: ReadonlySet<string>;
  /** The papers of citizens that the national store holds (np 2.5). A restart forgets them. */
  readonly papers: HeldPapers;
  /** Gives the portal dossiers that it holds from now on, unchecked, with whatever fields are given. */
  loadDossiers(dossiers: readonly LoadedDossier[]): void;
  /** Tells the portal of a dossier born on it, which `DongBoTrangThaiHoSo` may then name (np 2.1), and the connector lists. */
  addPortalDossier(dossier: FiledDossier): void;
  /** Tells the portal of a question that a citizen sent through it, which may then be answered (np 2.5). */
  addQuestion(question: AskedQuestion): void;
  /** How pauses are waited for. */
  wait(ms: number): Promise<void>;
  /** Forgets all dossiers, calls and unknown fields; sessions and the dial stay. */
  clear(): void;
}
