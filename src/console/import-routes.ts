import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../contracts/errors.ts";
import type { AppContext, AppEnvironment } from "../http/environment.ts";
import { textStream } from "../http/text-stream.ts";
import { writeReport } from "../imports/report-text.ts";
import { recordAct } from "../security/audit.ts";
import { roleAllows } from "../security/operator-registry.ts";
import { requireToken } from "./console-session.ts";
import { readForm } from "./form.ts";
import { IMPORTS } from "./local-path.ts";
import { importsPage, PAGE_ACTS, type PageAct } from "./pages/imports-page.ts";
import { idOf, pathOf, WHOLE_PROVINCE, withSession } from "./with-session.ts";

const PAGE_SIZE = 50;

const showImports = (c: AppContext): Promise<Response> => {
  c.set("routePath", IMPORTS);
  return withSession(c, pathOf(c), async (session) => {
    const before = c.req.query("before") ?? "";
    const after = /^[1-9]\d{0,17}$/u.test(before) ? { id: before } : undefined;
    const { items, next } = await c.var.gateway.imports.list(WHOLE_PROVINCE, { limit: PAGE_SIZE, after });
    const told = c.req.query("result");
    const page = importsPage({
      session,
      imports: items,
      mayOperate: roleAllows(session.operator.role, "operate"),
      result: told === "done" || told === "refused" ? told : undefined,
      nextPath: next === null ? null : `${IMPORTS}?before=${next.id}`,
    });
    return c.html(page);
  });
};

/** @returns whether it was done; not, when its state has changed since the page was shown. */
const actNow = async (c: AppContext, id: string, act: PageAct, operator: string): Promise<boolean> => {
  const { database, imports, tenant } = c.var.gateway;
  const actor = { actorKind: "operator", actor: operator, correlationId: c.var.correlationId } as const;
  try {
    await database.transaction((transaction) => imports.act(transaction, WHOLE_PROVINCE, id, act, actor));
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== "conflict") throw error;
    const detail = { code: error.code };
    await recordAct(database, tenant, { ...actor, action: `import.${act}.refused`, subject: id, detail });
    return false;
  }
};

const actOnImport = (act: PageAct) => (c: AppContext) => {
  c.set("routePath", `${IMPORTS}/:id/${act}`);
  const id = idOf(c);
  return withSession(c, IMPORTS, async ({ operator, csrf }) => {
    requireToken(await readForm(c), csrf);
    if (!roleAllows(operator.role, "operate")) throw new GatewayError("forbidden");
    const result = (await actNow(c, id, act, operator.id)) ? "done" : "refused";
    return c.redirect(`${IMPORTS}?result=${result}`, 303);
  });
};

const showReport = (c: AppContext): Promise<Response> => {
  c.set("routePath", `${IMPORTS}/:id/report`);
  const id = idOf(c);
  return withSession(c, IMPORTS, async () => {
    const { imports } = c.var.gateway;
    if ((await imports.read(WHOLE_PROVINCE, id)) === null) throw new GatewayError("not_found");
    return textStream(writeReport(imports.report(id), "csv"), {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="import-${id}.csv"`,
    });
  });
};

/** The page of imports (design section 1): how far each is, and what an operator does about it. */
export const importPages = (app: OpenAPIHono<AppEnvironment>): void => {
  app.get(IMPORTS, showImports);
  app.get(`${IMPORTS}/:id/report`, showReport);
  for (const act of PAGE_ACTS) app.post(`${IMPORTS}/:id/${act}`, actOnImport(act));
};
