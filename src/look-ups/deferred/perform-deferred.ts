import type { Adapter, CallContext, Outcome } from "../../../contracts/adapter.ts";
import type { DeferredLookup } from "../../../contracts/message.ts";
import { CITIZEN_FIELDS } from "../../../contracts/registries.ts";
import { type Database, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { Sealer } from "../../security/sealing.ts";
import { releaseFields } from "../release-fields.ts";

/** What deferred look-ups are performed with. */
export interface DeferredParts {
  readonly tenant: string;
  readonly sealer: Sealer;
}

/** Binds what may be released to its look-up. */
export const deferredContext = (tenant: string, id: string): string => `deferred-lookup:${tenant}:${id}`;

/** No body of a look-up is kept, not even sealed (api section 5). */
const withoutEvidence = (call: CallContext): CallContext => ({
  ...call,
  attempt: (wire) => call.attempt({ ...wire, evidence: "", answerEvidence: () => "" }),
});

const unasked = (message: string): Outcome => ({
  delivered: false,
  fault: { outcome: "transient", code: "internal", message },
});

const performLookup = async (
  { tenant, sealer }: DeferredParts,
  { adapter, database }: { readonly adapter: Adapter; readonly database: Database },
  { lookupId, query, purpose }: DeferredLookup,
  call: CallContext,
): Promise<Outcome> => {
  if (adapter.citizens === undefined) return unasked("this profile looks nobody up");
  const [waiting] = await rows<{ fields: string[] }>(
    database,
    sql`select to_jsonb(fields) as fields from deferred_look_ups where tenant = ${tenant} and id = ${lookupId}`,
  );
  if (waiting === undefined) return unasked("nobody waits for this look-up");
  // A repetition is a question of its own, with an id of its own: 7 characters more make 40 at most.
  const requestId = `${lookupId}-${crypto.randomUUID().slice(0, 7)}`;
  const found = await adapter.citizens.find(query, { ...purpose, requestId }, withoutEvidence(call));
  if (!found.ok) return { delivered: false, fault: { ...found.fault, message: found.fault.code } };
  const { value } = found;
  const allowed = CITIZEN_FIELDS.filter((field) => waiting.fields.includes(field));
  const { citizen } = value.outcome === "matched" ? releaseFields(value.citizen, allowed) : {};
  const content =
    citizen === undefined ? null : sealer.seal(JSON.stringify(citizen), deferredContext(tenant, lookupId));
  await database.execute(
    sql`update deferred_look_ups set outcome = ${value.outcome}, content = ${content}
        where tenant = ${tenant} and id = ${lookupId} and (settled_at is null or outcome = 'failed')`,
  );
  return { delivered: true };
};

/** An adapter that performs deferred look-ups by asking its registry; what may be released is kept, sealed, until it is fetched. */
export const deferring = (adapter: Adapter, database: Database, parts: DeferredParts): Adapter =>
  adapter.citizens === undefined
    ? adapter
    : {
        ...adapter,
        perform: (message, call) =>
          message.operation === "citizen.lookup-deferred"
            ? performLookup(parts, { adapter, database }, message, call)
            : adapter.perform(message, call),
      };
