import type { FieldError } from "../../contracts/errors.ts";
import { FIELD_ERRORS } from "../../contracts/services/fields.ts";
import type { IdempotencyKey } from "../ledger/idempotency.ts";
import type { AppContext, Principal } from "./environment.ts";

/** How urgent a call is says nothing about what it asks for: a client that repeats a call more urgently means the same one. */
const UNASKED = "priority";

/** What a call is addressed to: options of the query, such as `known`, are part of it. */
const addressOf = (url: string): string => {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete(UNASKED);
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
};

/** The caller's key, scoped to the client, with the digest of method, path with options, and JSON value (api section 1). */
export const idempotencyKey = (
  c: AppContext,
  principal: Principal,
  body: unknown,
  errors: FieldError[],
): IdempotencyKey | undefined => {
  const key = c.req.header("idempotency-key");
  if (key === undefined || c.req.method === "GET") return undefined;
  if (!/^[\x21-\x7e]{1,255}$/u.test(key)) {
    errors.push({ field: "Idempotency-Key", code: "invalid_format", message: FIELD_ERRORS.invalid_format });
    return undefined;
  }
  const request = [c.req.method, addressOf(c.req.url), body ?? null];
  const { fingerprints, tenant, sealer } = c.get("gateway");
  const context = `answer:${tenant}:${principal.client.id}`;
  return {
    client: principal.client.id,
    key,
    // Only when it is used: what the checks refuse may be JSON that has no canonical form (1e400, a thousand nested lists).
    get fingerprint() {
      return fingerprints.of(request);
    },
    matches: (stored) => fingerprints.matches(stored, request),
    seal: (answer) => Buffer.from(sealer.seal(answer, context)).toString("base64"),
    open: (kept) => sealer.open(Buffer.from(kept, "base64"), context),
  };
};
