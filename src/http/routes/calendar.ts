import type { OpenAPIHono } from "@hono/zod-openapi";
import { calendarSchema, calendarViewSchema, workingHoursSchema } from "../../../contracts/services/calendar.ts";
import { FIXED_HOLIDAYS } from "../../calendar/fixed-holidays.ts";
import { listCalendar } from "../../calendar/list-calendar.ts";
import { replaceCalendar } from "../../calendar/replace-calendar.ts";
import type { Executor } from "../../database/database.ts";
import { readRulebookSettings } from "../../life-cycle/rulebook/read-settings.ts";
import { renewRulebook } from "../../life-cycle/rulebook/renew-rulebook.ts";
import { recordAct } from "../../security/audit.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";
import { actorOf, change } from "./platforms.ts";

const view = async (executor: Executor, tenant: string) => ({
  days: await listCalendar(executor, tenant),
  fixed: FIXED_HOLIDAYS,
});

const hours = async (executor: Executor, tenant: string) => ({
  hours: (await readRulebookSettings(executor, tenant)).hours,
});

const dayRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
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
      description:
        "A day as put comes before everything that is built in. A year with a day of the kind `tet` has no other days of Tết than those put.",
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

const hourRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/calendar/hours",
      scope: "platforms:read",
      summary: "The working hours of each weekday",
      answers: { status: 200, schema: workingHoursSchema, description: "The hours in force, in Vietnam." },
    },
    async (c) => answerJson(200, await hours(c.var.gateway.database, c.var.gateway.tenant)),
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/calendar/hours",
      scope: "platforms:operate",
      summary: "Replace the working hours",
      body: workingHoursSchema,
      answers: { status: 200, schema: workingHoursSchema, description: "The hours in force." },
    },
    async (c, { body, caller }) =>
      change(c, caller, async (executor) => {
        const { tenant } = c.var.gateway;
        await renewRulebook(executor, tenant, { workingHours: body.hours });
        await recordAct(executor, tenant, { ...actorOf(caller), action: "calendar.hours", subject: "calendar" });
        return hours(executor, tenant);
      }),
  );
};

/** The calendar routes (api section 4). */
export const calendarRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  dayRoutes(app);
  hourRoutes(app);
};
