import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { type FieldError, GatewayError } from "../../../contracts/errors.ts";
import { digitisationReportSchema } from "../../../contracts/services/digitisation.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../../contracts/services/fields.ts";
import { reportDigitisation } from "../../procedures/digitisation/report-digitisation.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { from, to } from "../list-query.ts";
import { route } from "../route.ts";

const DAY_MS = 24 * 3600 * 1000;
/** Two years and what their ends may have beyond: no report is about more. */
const LONGEST_DAYS = 750;

const fault = (field: string, code: FieldErrorCode): FieldError => ({ field, code, message: FIELD_ERRORS[code] });

const period = z.strictObject({ from, to });

/** @throws GatewayError `invalid_request`: a bound is missing, or they are in the wrong order or too far apart. */
const periodOf = ({ from: begin, to: end }: z.infer<typeof period>) => {
  const errors = [
    ...(begin === undefined ? [fault("from", "required")] : []),
    ...(end === undefined ? [fault("to", "required")] : []),
  ];
  if (begin === undefined || end === undefined) throw new GatewayError("invalid_request", { errors });
  const days = (Date.parse(end) - Date.parse(begin)) / DAY_MS;
  if (days <= 0 || days > LONGEST_DAYS) {
    throw new GatewayError("invalid_request", { errors: [fault("to", "out_of_range")] });
  }
  return { from: begin, to: end };
};

/** The rate of digitisation, before and after each policy (domain sections 2.6 and 3.7). */
export const digitisationRoutes = (app: OpenAPIHono<AppEnvironment>): void =>
  route(
    app,
    {
      method: "get",
      path: "/v1/reports/digitisation",
      scope: "reports:read",
      summary: "The rate of digitisation as put, and as the policies of procedures make it",
      description: "`from` and `to` are required: times, or dates, which are days in Vietnam, both included.",
      query: period,
      answers: { status: 200, schema: digitisationReportSchema, description: "The report, with what it counts." },
    },
    async (c, { query, caller }) => {
      const { database, tenant } = c.var.gateway;
      return answerJson(200, await reportDigitisation(database, tenant, caller.agency, periodOf(query)));
    },
  );
