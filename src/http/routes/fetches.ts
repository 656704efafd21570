import type { OpenAPIHono } from "@hono/zod-openapi";
import { GatewayError } from "../../../contracts/errors.ts";
import { fetchSchema } from "../../../contracts/services/fetches.ts";
import { readFetch, requestFetch } from "../../portal-inbound/fetch/fetch-view.ts";
import { recordAct } from "../../security/audit.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const NOTHING_TO_FETCH = {
  vi: "Giao thức đang dùng của Cổng Dịch vụ công quốc gia không có gì để lấy về, hoặc chưa khai báo kết nối.",
  en: "The national portal is not configured, or its profile has nothing to fetch.",
};

/** What waits at the national portal (national-portal sections 1.3 and 2.5). */
export const fetchRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/portal/fetches",
      scope: "platforms:operate",
      summary: "Fetch now what waits at the national portal; it is fetched by itself anyway",
      description:
        "Dossiers that were filed there (`connector-v1`) and questions of citizens (`mapi`). A round that waits goes on at once, one that runs is left alone.",
      answers: { status: 202, schema: fetchSchema, description: "It runs in the background." },
      errors: ["not_configured"],
    },
    async (c, { caller }) => {
      const { tenant, fetches } = c.var.gateway;
      if (!fetches.hasAny) throw new GatewayError("not_configured", { detail: NOTHING_TO_FETCH });
      const action = "portal.fetch";
      return actOnce(c, caller, {
        action,
        subject: "national-portal",
        status: 202,
        work: async (executor) => {
          const body = await requestFetch(executor, tenant, fetches.isScheduled);
          await recordAct(executor, tenant, { ...actorOf(caller), action, subject: "national-portal" });
          return { body };
        },
      });
    },
  );

  route(
    app,
    {
      method: "get",
      path: "/v1/portal/fetches",
      scope: "platforms:read",
      summary: "How far fetching from the national portal is",
      answers: { status: 200, schema: fetchSchema, description: "The round in hand, or the last one." },
    },
    async (c) => {
      const { database, tenant, fetches } = c.var.gateway;
      return answerJson(200, await readFetch(database, tenant, fetches.isScheduled));
    },
  );
};
