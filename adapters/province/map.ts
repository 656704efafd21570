import type { Event } from "../../contracts/services/inbox.ts";

/** The body of a webhook: the event as the inbox gives it, without its position. The bytes are what is signed. */
export const bodyOf = ({ id, type, occurredAt, subject, agency, data }: Event): string =>
  JSON.stringify({ id, type, occurredAt, subject, agency, data });

/** Fields of events that name codes, states and times, never a person. */
export const PUBLIC_FIELDS: ReadonlySet<string> = new Set(
  [
    ["id", "type", "occurredAt", "subject", "agency"],
    ["exchangeId", "platform", "operation", "dossierCode", "code", "platformCode", "correlationId"],
    ["kind", "severity"],
  ]
    .flat()
    .map((name) => name.toLowerCase()),
);
