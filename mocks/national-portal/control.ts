import { type Context, Hono } from "hono";
import { isJson } from "./checks.ts";
import type { Dial } from "./dial.ts";
import { readFaultRules } from "./faults.ts";
import { readFiled } from "./filed-dossiers.ts";
import { isAsked } from "./held-submissions.ts";
import { openFiles } from "./open-files.ts";
import { arePapers } from "./personal-papers.ts";
import type { LoadedDossier, NationalPortal } from "./portal.ts";
import { isProcedureCode } from "./procedures.ts";
import { pushNotices, readNoticePlan } from "./push-notices.ts";
import { readPushPlan, runPushes } from "./push-run.ts";
import type { HeldDossier } from "./state.ts";

const readBody = async (c: Context): Promise<unknown> => c.req.json<unknown>().catch(() => undefined);

const changeDial = async (c: Context, change: (rules: ReturnType<typeof readFaultRules>) => void, dial: Dial) => {
  try {
    change(readFaultRules(await readBody(c)));
    return c.json({ rules: dial.rules });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return c.json({ error: error.message }, 400);
  }
};

const isLoaded = (given: unknown): given is LoadedDossier =>
  isJson(given) &&
  given["MaHoSo"] !== "" &&
  [given["MaHoSo"], given["TrangThaiHoSo"]].every((of) => typeof of === "string");

const dossierView = ({ MaHoSo, status, updates, createdAt, changedAt, hoSo, steps }: HeldDossier) => ({
  MaHoSo,
  status,
  updates,
  createdAt,
  changedAt,
  hoSo,
  steps: steps.map(({ order, at, repeated, step }) => ({ order, at, repeated, ...step })),
});

/** Everything that the portal holds and noticed, as JSON. */
const stateView = ({ state, calls, overlaps, sessions, unknownFields }: NationalPortal, limit: number) => ({
  counts: {
    ...state.counts,
    sessions: sessions.size,
    calls: calls.total,
    overlappingCalls: overlaps.count,
    mostInFlight: overlaps.most,
  },
  calls: calls.byEnding,
  unknownFields: [...unknownFields],
  uploads: [...state.uploads.values()].slice(-limit),
  connectorDossiers: [...state.connectorDossiers.values()].slice(-limit),
  dossiers: [...state.dossiers.values()].slice(-limit).map(dossierView),
  portalDossiers: [...state.portalDossiers.values()].slice(-limit),
  questions: [...state.submissions.questions.values()].slice(-limit),
  askedQuestions: [...state.submissions.asked.values()].slice(-limit),
  satisfaction: [...state.submissions.satisfaction.values()].slice(-limit),
});

/**
 * The simulator's own routes, for tests, rehearsals and the demonstration; no part of the portal's contract.
 * `POST /__simulator/files` opens every file that the portal was told of, whole and in part, and says how each fared.
 * `POST /__simulator/portal-dossiers` files a dossier at the portal (`{MaHoSo, MaTTHC, row?, files?: [{id, base64 or size}]}`).
 * `POST /__simulator/questions` sends a question through the portal (`{HOIDAPID, NOIDUNG}` and what else its row says).
 * `POST /__simulator/papers` gives the store papers of citizens (personal-papers.ts).
 * `POST /__simulator/procedures` publishes another text of a procedure (`{code, change}`) or takes it back (`{code, withdrawn: true}`).
 * `POST /__simulator/pushes` makes the portal call a gateway (push-run.ts) and answers what became of it.
 * `POST /__simulator/notices` files promotion notices at the portal and makes it push them (push-notices.ts).
 * `POST /__simulator/dial` replaces the rules, `POST /__simulator/dial/rules` adds to them (one rule or a list).
 */
export const createControl = (portal: NationalPortal): Hono => {
  const { dial, state } = portal;
  const app = new Hono().basePath("/__simulator");
  app.get("/dial", (c) => c.json({ rules: dial.rules }));
  app.post("/dial", (c) => changeDial(c, dial.set, dial));
  app.post("/dial/rules", (c) => changeDial(c, dial.add, dial));
  app.delete("/dial", (c) => {
    dial.clear();
    return c.body(null, 204);
  });
  app.get("/state", (c) => {
    const limit = Number(c.req.query("limit") ?? Number.POSITIVE_INFINITY);
    return limit >= 1 ? c.json(stateView(portal, limit)) : c.json({ error: "limit: 1 or more" }, 400);
  });
  app.get("/state/dossiers/:code", (c) => {
    const held = state.dossiers.get(c.req.param("code"));
    return held === undefined ? c.json({ error: "not held" }, 404) : c.json(dossierView(held));
  });
  app.post("/files", async (c) => c.json({ files: await openFiles(state, (url, init) => fetch(url, init)) }));
  app.post("/pushes", async (c) => {
    try {
      const plan = readPushPlan(await readBody(c));
      return c.json(await runPushes(plan, { fetch: (url, init) => fetch(url, init), wait: portal.wait }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return c.json({ error: error.message }, 400);
    }
  });
  app.post("/notices", async (c) => {
    try {
      const plan = readNoticePlan(await readBody(c));
      for (const { MaHoSo, MaTTHC } of plan.notices) portal.addPortalDossier({ MaHoSo, MaTTHC });
      return c.json(await pushNotices(plan, { fetch: (url, init) => fetch(url, init), wait: portal.wait }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return c.json({ error: error.message }, 400);
    }
  });
  app.delete("/state", (c) => {
    portal.clear();
    return c.body(null, 204);
  });
  app.post("/dossiers", async (c) => {
    const body = await readBody(c);
    if (!Array.isArray(body) || !body.every(isLoaded))
      return c.json({ error: "a list of dossiers with MaHoSo and TrangThaiHoSo: texts" }, 400);
    portal.loadDossiers(body);
    return c.json({ loaded: body.length }, 201);
  });
  app.post("/portal-dossiers", async (c) => {
    const body = await readBody(c);
    const filed = readFiled(body);
    if (filed === undefined) return c.json({ error: "MaHoSo and MaTTHC: texts; row: an object; files: a list" }, 400);
    portal.addPortalDossier(filed);
    return c.json({ MaHoSo: filed.MaHoSo, MaTTHC: filed.MaTTHC }, 201);
  });
  app.post("/questions", async (c) => {
    const body = await readBody(c);
    if (!isAsked(body)) return c.json({ error: "HOIDAPID and NOIDUNG: texts, as all else" }, 400);
    portal.addQuestion(body);
    return c.json({ HOIDAPID: body.HOIDAPID, NOIDUNG: body.NOIDUNG }, 201);
  });
  app.post("/papers", async (c) => {
    const body = await readBody(c);
    if (!arePapers(body)) return c.json({ error: "a list of papers: owner, MaKetQua, files" }, 400);
    for (const paper of body) portal.papers.add(paper);
    return c.json({ loaded: body.length }, 201);
  });
  app.post("/procedures", async (c) => {
    const body = await readBody(c);
    const { code, change, withdrawn } = isJson(body) ? body : {};
    if (typeof code !== "string" || !isProcedureCode(code)) return c.json({ error: "code: a procedure code" }, 400);
    if (withdrawn === true) portal.catalogue.withdraw(code);
    else portal.catalogue.change(code, isJson(change) ? change : {});
    return c.json({ listed: portal.catalogue.list().length });
  });
  return app;
};
