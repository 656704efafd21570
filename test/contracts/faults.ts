import type { z } from "zod";

/** What a schema finds wrong: `path code`, with the field error code where the contract names one. */
export const faults = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map((issue) => {
    const named: unknown = issue.code === "custom" ? issue.params?.["code"] : undefined;
    return `${issue.path.join(".")} ${String(named ?? issue.code)}`.trim();
  });
