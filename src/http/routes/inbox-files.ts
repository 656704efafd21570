import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { GatewayError } from "../../../contracts/errors.ts";
import { attachment } from "../../files/disposition.ts";
import type { AppEnvironment } from "../environment.ts";
import { route } from "../route.ts";

const fileParams = z.strictObject({ id: z.string(), n: z.string() });

/** Ids of another shape name nothing: they are not found, never a fault of the database. */
const placeOf = ({ id, n }: { id: string; n: string }) => {
  if (!/^evt_[\da-f]{32}$/u.test(id) || !/^[1-9]\d{0,4}$/u.test(n)) throw new GatewayError("not_found");
  return { eventId: id, n: Number(n) };
};

/** How soon who found no room may come back. */
const RETRY_AFTER_SECONDS = 5;

/** The types that a file of the portal can be shown to have; everything else is bytes to be saved. */
const TYPES = ["application/pdf", "application/octet-stream"] as const;

/** Files that came with events (api section 8). */
export const inboxFileRoutes = (app: OpenAPIHono<AppEnvironment>): void => {
  route(
    app,
    {
      method: "get",
      path: "/v1/inbox/{id}/files/{n}",
      scope: "inbox:read",
      summary: "A file that came with an event, to be saved",
      description: "For who may read the event, and for the owner of the dossier that it is about. `n` counts from 1.",
      params: fileParams,
      answers: { status: 200, schema: z.string(), types: TYPES, description: "The file, as it was sent." },
      errors: ["not_found", "overloaded"],
    },
    async (c, { params, caller }) => {
      const { portal } = c.var.gateway;
      const file = await portal.readFile(caller.agency, placeOf(params));
      if (file === null) throw new GatewayError("overloaded", { retryAfterSeconds: RETRY_AFTER_SECONDS });
      const type = TYPES.find((each) => each === file.type) ?? "application/octet-stream";
      return new Response(file.bytes as Uint8Array<ArrayBuffer>, {
        headers: {
          "content-type": type,
          "content-length": String(file.bytes.length),
          "content-disposition": attachment(file.name),
          "x-content-type-options": "nosniff",
          "content-security-policy": "default-src 'none'; sandbox",
          "cache-control": "private, no-cache",
          etag: `"${file.sha256}"`,
        },
      });
    },
  );
};
