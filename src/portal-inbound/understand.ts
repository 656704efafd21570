import type { InboundCall, InboundOperation, Push } from "../../contracts/portal-inbound.ts";
import type { Text } from "../../contracts/text.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { type PreparedPush, preparePush } from "./prepare-push.ts";
import type { ReadBody } from "./read-body.ts";

/** Why and as what a push is parked. */
export interface Parking {
  readonly operation: InboundOperation;
  /** The dossier code that it names, if it can be told. */
  readonly code: string | undefined;
  readonly fault: "invalid_request" | "conflict";
  readonly cause: Text;
}

/** A push that was understood, or how it is parked. */
export type Understood =
  | { readonly ok: true; readonly prepared: PreparedPush }
  | { readonly ok: false; readonly parking: Parking };

const NO_JSON: Text = { vi: "Nội dung không phải JSON UTF-8.", en: "The body is not JSON in UTF-8." };

/** What a push is recorded as. */
export const operationOf = (push: Push): InboundOperation => {
  if (push.kind === "tax-notice") return "tax-notice.received";
  if (push.kind === "tax-receipt") return "tax-receipt.received";
  if (push.kind === "question") return "question.received";
  return push.amendment ? "dossier.amended" : "dossier.received";
};

const codeOf = (push: Push): string | undefined =>
  push.kind === "tax-notice" || push.kind === "question" ? undefined : push.code;

/** Parking of a push that itself could be read. */
export const parkingOf = (push: Push, fault: Parking["fault"], cause: Text): Parking => ({
  operation: operationOf(push),
  code: codeOf(push),
  fault,
  cause,
});

const unreadable = (operation: InboundOperation, code: string | undefined, cause: Text): Understood => ({
  ok: false,
  parking: { operation, code, fault: "invalid_request", cause },
});

/** Reads a push as far as that goes without the database. */
export const understand = async (
  { dialect, now, agencyCode }: Pick<InboundParts, "dialect" | "now" | "agencyCode">,
  call: InboundCall,
  { value, lifted }: ReadBody,
): Promise<Understood> => {
  if (value === undefined) return unreadable("message.unknown", undefined, NO_JSON);
  const reading = dialect.readPush(call, value, { now: now(), agencyCode });
  if (!reading.ok) return unreadable(reading.operation, reading.code, reading.cause);
  const prepared = await preparePush(reading.push, lifted);
  if ("cause" in prepared) return { ok: false, parking: parkingOf(reading.push, "invalid_request", prepared.cause) };
  return { ok: true, prepared };
};
