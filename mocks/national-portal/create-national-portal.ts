import { Hono } from "hono";
import type { HoSo } from "../../contracts/platforms/national-portal/wire.ts";
import { createCallLog } from "./call-log.ts";
import { createConnector } from "./connector.ts";
import { createControl } from "./control.ts";
import { createDial } from "./dial.ts";
import { createFacade } from "./facade.ts";
import { createMapi } from "./mapi.ts";
import { createOverlaps } from "./overlaps.ts";
import { createPages } from "./pages.ts";
import { createHeldPapers, createPersonalPapers } from "./personal-papers.ts";
import type { NationalPortal } from "./portal.ts";
import { createCatalogue } from "./procedures.ts";
import type { ServiceContext } from "./services.ts";
import { createSessions } from "./sessions.ts";
import { type NationalPortalOptions, PORTAL_DEFAULTS, type PortalSettings } from "./settings.ts";
import { createState, type Effect } from "./state.ts";

/** Unknown field names remembered at most. */
const UNKNOWN_FIELDS_CAPACITY = 200;

/** Makes a portal, holding what its journal kept. Runtime-free: it has no clock, no file and no randomness of its own. */
export const createNationalPortal = (options: NationalPortalOptions): NationalPortal => {
  const settings: PortalSettings = { ...PORTAL_DEFAULTS, ...options };
  const state = createState();
  for (const effect of settings.journal?.effects ?? []) state.apply(effect);
  const calls = createCallLog();
  const overlaps = createOverlaps();
  const dial = createDial();
  const sessions = createSessions({ ...settings, lifeMs: settings.sessionLifeMs });
  const unknownFields = new Set<string>();
  const papers = createHeldPapers();

  // Kept before it is seen: an answer never speaks of an effect that a restart would forget.
  const commit: ServiceContext["commit"] = (effect) => {
    const dated: Effect = { ...effect, at: settings.now().toISOString() };
    settings.journal?.append(dated);
    state.apply(dated);
  };

  const clear = () => {
    commit({ kind: "cleared" });
    calls.clear();
    papers.clear();
    unknownFields.clear();
  };

  const checks = {
    dossierCodePattern: settings.dossierCodePattern,
    onUnknownField: (path: string) => {
      if (unknownFields.size < UNKNOWN_FIELDS_CAPACITY)
        unknownFields.add(path.replace(/\[\d+\]/gu, "[]").slice(0, 100));
    },
  };
  const catalogue = createCatalogue(settings.unknownProcedures);
  const portal: NationalPortal = {
    app: new Hono(),
    state,
    catalogue,
    calls,
    overlaps,
    dial,
    sessions,
    unknownFields,
    papers,
    loadDossiers: (dossiers) => commit({ kind: "dossiers", data: dossiers as readonly HoSo[] }),
    addPortalDossier: (dossier) => commit({ kind: "portal-dossier", data: dossier }),
    addQuestion: (question) => commit({ kind: "portal-question", data: question }),
    wait: settings.wait,
    clear,
  };
  // One portal with three faces: what one of them takes, the others show.
  const context = { settings, state, catalogue, checks, commit, sessions, dial, calls, overlaps };
  for (const createFace of [createMapi, createFacade, createConnector]) portal.app.route("/", createFace(context));
  portal.app.route("/", createPersonalPapers(context, papers));
  portal.app.route("/", createControl(portal));
  portal.app.route("/", createPages(portal));
  return portal;
};
