import { type Logger, pino } from "pino";

const SERVICE = { service: "lien-thong-gateway" } as const;

/** The process's log. */
export type Log = Logger;

/**
 * Structured logs. What is logged is chosen field by field and never holds a body, a name or a number of a person;
 * the redaction list is the net under that.
 *
 * @param secrets names of settings that hold secrets, should one ever be logged by mistake.
 * @param writeLine where lines go on Workers, which have no standard output and are given pino's build for browsers;
 *   Node's build ignores it.
 */
export const createLog = (level: string, secrets: readonly string[], writeLine?: (line: string) => void): Log =>
  pino({
    level,
    base: SERVICE,
    ...(writeLine && { browser: { write: (fields: object) => writeLine(JSON.stringify({ ...SERVICE, ...fields })) } }),
    redact: {
      paths: [
        "authorization",
        "cookie",
        "password",
        "secret",
        "session",
        "*.authorization",
        "*.cookie",
        "*.password",
        "*.secret",
        "*.session",
        ...secrets,
      ],
      censor: "[hidden]",
    },
  });

/** What may be said of a failure in a log: its name, code and place. Its words may quote data, so they stay out. */
export const faultFields = (error: unknown): Record<string, unknown> => {
  const chain: { name: string; code?: string; at?: string }[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    const { name, stack, cause } = current;
    const code = (current as { code?: unknown }).code;
    const at = stack
      ?.split("\n")
      .find((line) => /^\s+at /u.test(line))
      ?.trim();
    chain.push({ name, ...(typeof code === "string" && { code }), ...(at !== undefined && { at }) });
    current = cause;
  }
  return { fault: chain };
};
