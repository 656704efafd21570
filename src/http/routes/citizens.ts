import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { procedureCode } from "../../../contracts/identifiers.ts";
import {
  citizenAnswerSchema,
  citizenLookupSchema,
  deferredLookupSchema,
  lookUpPolicyPutSchema,
  lookUpPolicySchema,
} from "../../../contracts/services/citizens.ts";
import { putLookUpPolicy, readLookUpPolicy } from "../../look-ups/policies.ts";
import { recordAct } from "../../security/audit.ts";
import { actOnce, actorOf } from "../act-once.ts";
import { answerJson, answerKept } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const UPSTREAM = [
  "upstream_timeout",
  "upstream_unavailable",
  "upstream_malformed",
  "upstream_rejected",
  "not_configured",
  "overloaded",
] as const;

const lookupRoute = (app: OpenAPIHono<AppEnvironment>, dossierCodePattern: RegExp | undefined): void =>
  route(
    app,
    {
      method: "post",
      path: "/v1/citizens/lookup",
      scope: "citizens:read",
      summary: "Look one citizen up for one dossier (an officer's token)",
      description:
        "The registry matches a number, a name and a birth date; it is never searched. The officer, the agency and the procedure come from the token and the stored dossier. Each asking is recorded, refusals too, before anything is answered; no body is kept, so an Idempotency-Key has no effect. Released are the fields that the procedure's policy names (`/v1/look-up-policies`); without one only whether it matched. A dossier not yet put may be asked for with `intake-verification` alone.",
      body: citizenLookupSchema(dossierCodePattern),
      answers: { status: 200, schema: citizenAnswerSchema, description: "Whether it matched, and what may be seen." },
      also: { status: 202, schema: deferredLookupSchema, description: "`deferred`: taken; it is fetched later." },
      errors: ["not_found", "conflict", ...UPSTREAM],
    },
    async (c, { body, caller }) => {
      const { citizens } = c.get("gateway");
      if (body.deferred === true) return answerKept(await citizens.defer(caller, body));
      return answerJson(200, await citizens.lookUp(caller, body, c.req.raw.signal));
    },
  );

const fetchRoute = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "get",
      path: "/v1/citizens/lookups/{lookupId}",
      scope: "citizens:read",
      summary: "Fetch what a deferred look-up found: once, by the officer who asked, within 24 hours",
      description: "404 with `Retry-After` while it is under way; `lookup.settled` in the inbox says when it is over.",
      params: z.strictObject({ lookupId: z.string().max(64) }),
      answers: { status: 200, schema: citizenAnswerSchema, description: "Whether it matched, and what may be seen." },
      errors: ["not_found", "gone", "upstream_rejected"],
    },
    async (c, { params, caller }) => answerJson(200, await c.get("gateway").citizens.fetch(caller, params.lookupId)),
  );

const policyParam = z.strictObject({ procedureCode });

const policyRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/look-up-policies/{procedureCode}",
      scope: "procedures:read",
      summary: "Which fields of a citizen look-ups for a procedure may release",
      params: policyParam,
      answers: { status: 200, schema: lookUpPolicySchema, description: "The policy of the nearest procedure." },
    },
    async (c, { params }) => {
      const { database, tenant } = c.get("gateway");
      return answerJson(200, await readLookUpPolicy(database, tenant, params.procedureCode));
    },
  );

  route(
    app,
    {
      method: "put",
      path: "/v1/look-up-policies/{procedureCode}",
      scope: "procedures:write",
      summary: "Set which fields of a citizen look-ups for a procedure may release",
      description:
        "It holds for every look-up begun after this answer; a national code holds for its provincial forms without a policy of their own.",
      params: policyParam,
      body: lookUpPolicyPutSchema,
      answers: { status: 200, schema: lookUpPolicySchema, description: "The policy in force." },
    },
    async (c, { params, body, caller }) => {
      const { tenant } = c.get("gateway");
      const action = "look-up.policy";
      return actOnce(c, caller, {
        action,
        subject: params.procedureCode,
        status: 200,
        work: async (executor) => {
          const stored = await putLookUpPolicy(executor, tenant, caller.client, params.procedureCode, body);
          const detail = { fields: stored.fields.join(" "), reason: body.reason };
          await recordAct(executor, tenant, { ...actorOf(caller), action, subject: stored.procedureCode, detail });
          return { body: stored };
        },
      });
    },
  );
};

/** Looking citizens up (api section 5). */
export const citizenRoutes = (app: OpenAPIHono<AppEnvironment>, dossierCodePattern?: RegExp): void => {
  lookupRoute(app, dossierCodePattern);
  fetchRoute(app);
  policyRoutes(app);
};
