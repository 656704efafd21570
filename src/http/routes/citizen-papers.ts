import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  fetchedPaperSchema,
  foundPapersSchema,
  paperFetchSchema,
  papersSearchSchema,
} from "../../../contracts/services/papers.ts";
import { answerJson } from "../answer.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const ERRORS = [
  "not_found",
  "conflict",
  "upstream_timeout",
  "upstream_unavailable",
  "upstream_malformed",
  "upstream_rejected",
  "not_configured",
  "overloaded",
] as const;

/** Papers of citizens in the national store, asked for before the citizen is (domain R29). */
export const citizenPaperRoutes = (app: OpenAPIHono<AppEnvironment>, dossierCodePattern?: RegExp): void => {
  route(
    app,
    {
      method: "post",
      path: "/v1/citizens/papers",
      scope: "citizens:read",
      summary: "Find a citizen's papers in the national store for one dossier (an officer's token)",
      description:
        "What the store holds need not be asked of the citizen again. Each asking is recorded, refusals too, before anything is answered, and counts among the officer's look-ups of the hour; no body is kept, so an Idempotency-Key has no effect. No paper is an empty list.",
      body: papersSearchSchema(dossierCodePattern),
      answers: { status: 200, schema: foundPapersSchema, description: "The papers that the store holds." },
      errors: ERRORS,
    },
    async (c, { body, caller }) =>
      answerJson(200, await c.get("gateway").papers.findPapers(caller, body, c.req.raw.signal)),
  );

  route(
    app,
    {
      method: "post",
      path: "/v1/citizens/papers/files",
      scope: "citizens:read",
      summary: "Fetch one file of a paper that was found (an officer's token)",
      description:
        "It is kept encrypted among the uploads; its `url` may stand in the dossier with `fromNationalStore: true`. The id is good for the officer and the dossier of the search, 15 minutes. Each call fetches the file anew; an Idempotency-Key has no effect.",
      body: paperFetchSchema(dossierCodePattern),
      answers: { status: 201, schema: fetchedPaperSchema, description: "It is kept." },
      errors: ["gone", "payload_too_large", ...ERRORS],
    },
    async (c, { body, caller }) =>
      answerJson(201, await c.get("gateway").papers.fetchPaper(caller, body, c.req.raw.signal)),
  );
};
