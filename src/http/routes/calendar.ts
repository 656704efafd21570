import type { OpenAPIHono } from "@hono/zod-openapi";
import { calendarSchema, calendarViewSchema } from "../../../contracts/services/platforms.ts";
import type { Executor } from "../../database/database.ts";
import { FIXED_HOLIDAYS } from "../../resilience/fixed-holidays.ts";
import { listCalendar } from "../../resilience/list-calendar.ts";
import { replaceCalendar } from "../../resilience/replace-calendar.ts";
import { recordAct } from "../../security/audit.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";
import { actorOf, change } from "./platforms.ts";

const view = async (executor: Executor, tenant: string) => ({
  days: await listCalendar(executor, tenant),
  fixed: FIXED_HOLIDAYS,
});

/** The calendar routes (api section 4). */
export const calendarRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/calendar",
      scope: "platforms:read",
      summary: "Holidays, Tết and working Saturdays",
      answers: { status: 200, schema: calendarViewSchema, description: "The days as put, and the fixed holidays." },
    },
    async (c) => answerJson(200, await view(c.var.gateway.database, c.var.gateway.tenant)),
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/calendar",
      scope: "platforms:operate",
      summary: "Replace the days that are data",
      body: calendarSchema,
      answers: { status: 200, schema: calendarViewSchema, description: "The calendar." },
    },
    async (c, { body, caller }) =>
      change(c, caller, async (executor) => {
        const { tenant } = c.var.gateway;
        await replaceCalendar(executor, tenant, body.days);
        const detail = { days: body.days.length };
        await recordAct(executor, tenant, {
          ...actorOf(caller),
          action: "calendar.replace",
          subject: "calendar",
          detail,
        });
        return view(executor, tenant);
      }),
  );
};
