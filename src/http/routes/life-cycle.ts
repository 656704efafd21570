import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { agencyCode } from "../../../contracts/identifiers.ts";
import {
  agencyCodePageSchema,
  agencyCodesSchema,
  agencyCodesStoredSchema,
} from "../../../contracts/services/agency-codes.ts";
import { text } from "../../../contracts/services/fields.ts";
import {
  completePolicy,
  LIFE_CYCLE_RULES,
  type LifeCyclePolicy,
  lifeCyclePolicySchema,
  lifeCycleViewSchema,
} from "../../../contracts/services/life-cycle.ts";
import { listAgencyCodes } from "../../life-cycle/agency-codes/list-agency-codes.ts";
import { replaceAgencyCodes } from "../../life-cycle/agency-codes/replace-agency-codes.ts";
import { readRulebookSettings } from "../../life-cycle/rulebook/read-settings.ts";
import { renewRulebook } from "../../life-cycle/rulebook/renew-rulebook.ts";
import { recordAct } from "../../security/audit.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { cursorOf, DEFAULT_LIMIT, pageLimit, writeCursor } from "../list-query.ts";
import { route } from "../route.ts";
import { actorOf, change } from "./platforms.ts";

const refusing = ({ rules }: LifeCyclePolicy): string =>
  LIFE_CYCLE_RULES.filter((rule) => rules[rule] === "refuse").join(",");

const policyRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/life-cycle",
      scope: "procedures:read",
      summary: "What is done about each broken rule of the life cycle",
      answers: { status: 200, schema: lifeCycleViewSchema, description: "The policy in force, every rule of it." },
    },
    async (c) => {
      const { database, tenant } = c.var.gateway;
      return answerJson(200, (await readRulebookSettings(database, tenant)).policy);
    },
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/life-cycle",
      scope: "procedures:write",
      summary: "Replace the policy of the life cycle",
      description: "A rule that is not named warns. It holds for every call accepted after this answer.",
      body: lifeCyclePolicySchema,
      answers: { status: 200, schema: lifeCycleViewSchema, description: "The policy in force." },
    },
    async (c, { body, caller }) =>
      change(c, caller, async (executor) => {
        const { tenant } = c.var.gateway;
        const policy = completePolicy(body);
        await renewRulebook(executor, tenant, { lifeCycle: policy });
        const detail = { refuse: refusing(policy), refusalAfterReview: policy.refusalAfterReview };
        await recordAct(executor, tenant, {
          ...actorOf(caller),
          action: "life-cycle.replace",
          subject: "life-cycle",
          detail,
        });
        return policy;
      }),
  );
};

const position = z.strictObject({ code: text(100) });
const page = z.strictObject({ code: agencyCode.optional(), limit: pageLimit, cursor: cursorOf(position) });

const agencyCodeRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/agency-codes",
      scope: "procedures:read",
      summary: "Agency codes with their validity and successors",
      description: "With `code`, in either form: that code and those below it. Codes are answered level 1 first.",
      query: page,
      answers: { status: 200, schema: agencyCodePageSchema, description: "One page, in the order of the codes." },
    },
    async (c, { query: { code, limit = DEFAULT_LIMIT, cursor } }) => {
      const { database, tenant } = c.var.gateway;
      const found = await listAgencyCodes(database, tenant, { code, after: cursor?.code, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return answerJson(200, { items, next: writeCursor(last === undefined ? null : { code: last.code }) });
    },
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/agency-codes",
      scope: "procedures:write",
      summary: "Replace the list of agency codes",
      description:
        "Dossiers keep the codes of the day they were received; a later one that names a closed code is warned of, with the successor.",
      body: agencyCodesSchema,
      answers: { status: 200, schema: agencyCodesStoredSchema, description: "How many codes are kept now." },
    },
    async (c, { body, caller }) =>
      change(c, caller, async (executor) => {
        const { tenant } = c.var.gateway;
        await replaceAgencyCodes(executor, tenant, body.codes);
        const detail = { codes: body.codes.length };
        await recordAct(executor, tenant, {
          ...actorOf(caller),
          action: "agency-codes.replace",
          subject: "agency-codes",
          detail,
        });
        return { codes: body.codes.length };
      }),
  );
};

/** The routes of the life cycle's rules (api section 3): its policy, and the agency codes it knows. */
export const lifeCycleRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  policyRoutes(app);
  agencyCodeRoutes(app);
};
