import { z } from "zod";

/** One act of a person or a client (api section 4). */
export const actSchema = z
  .strictObject({
    id: z.string(),
    at: z.string().meta({ format: "date-time" }),
    actorKind: z.enum(["operator", "client", "anonymous"]),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    correlationId: z.string(),
  })
  .meta({ id: "Act" });

/** One act. */
export type ActView = z.infer<typeof actSchema>;

/** A page of acts, newest first. */
export const actPageSchema = z
  .strictObject({ items: z.array(actSchema), next: z.string().nullable() })
  .meta({ id: "ActPage" });
