import { GatewayError } from "../../../contracts/errors.ts";
import { PRIORITIES } from "../../../contracts/ledger.ts";
import type { CitizenAnswer, CitizenLookup } from "../../../contracts/services/citizens.ts";
import type { Caller } from "../../caller.ts";
import { type Database, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { type Answer, answerOnce } from "../../ledger/answer-once.ts";
import { appendEntry } from "../../ledger/append-entry.ts";
import { dossierContext } from "../../ledger/open-message.ts";
import { newAccessId, officerContext } from "../access-log.ts";
import { beginAccesses } from "../begin-accesses.ts";
import { accessOf, type CitizenDeskParts, officerOf, POPULATION, purposeOf, queryOf } from "../citizen-desk.ts";
import { endAccesses } from "../end-accesses.ts";
import { judgeLookup } from "../judge-lookup.ts";
import { deferredContext } from "./perform-deferred.ts";

/** Look-ups whose answer is fetched later. */
export interface DeferredDesk {
  /** Records a look-up and the exchange that carries it; answers when both are committed. @throws as `CitizenDesk.lookUp` */
  defer(caller: Caller, asked: CitizenLookup): Promise<Answer>;
  /**
   * What a look-up found, once and to the officer who asked, within 24 hours.
   *
   * @throws GatewayError `forbidden`, `not_found` (also while it is under way), `gone`, `upstream_rejected`
   */
  fetch(caller: Caller, id: string): Promise<CitizenAnswer>;
}

/** What the desk is made of. */
export interface DeferredDeskParts extends Omit<CitizenDeskParts, "elapsed" | "accesses"> {
  readonly database: Database;
  readonly wake: () => void;
}

/** So long the answer waits for its officer (api section 5). */
const KEPT_HOURS = 24;
const UNDER_WAY_SECONDS = 2;

const isTooOld = sql`settled_at < now() - make_interval(hours => ${KEPT_HOURS}::int)`;

/** Empties what nobody fetched in time. */
export const emptyDeferred = async (database: Database): Promise<void> => {
  await database.execute(sql`update deferred_look_ups set content = null where content is not null and ${isTooOld}`);
};

interface Row {
  outcome: "matched" | "not-matched" | "failed" | null;
  content: Uint8Array | null;
  is_settled: boolean;
  is_gone: boolean;
}

/** Carries a refusal out of the transaction, which is undone: it is recorded by itself. */
class Refused extends Error {
  readonly error: GatewayError;
  constructor(error: GatewayError) {
    super("refused");
    this.error = error;
  }
}

const defer = async (parts: DeferredDeskParts, caller: Caller, asked: CitizenLookup): Promise<Answer> => {
  const { database, tenant, sealer, callsOf, wake } = parts;
  const officer = officerOf(caller);
  if (callsOf(POPULATION)?.adapter.citizens === undefined) throw new GatewayError("not_configured");
  const access = accessOf(parts, caller, asked, "citizen.lookup-deferred");
  const { id } = access;
  const { client, agency, correlationId, idempotencyKey } = caller;
  const { dossierCode } = asked;
  try {
    const answer = await database.transaction((executor) =>
      answerOnce(executor, tenant, idempotencyKey, async () => {
        const [facts] = await beginAccesses(executor, tenant, [access]);
        if (facts === undefined) throw new Error("the access was not begun");
        const verdict = judgeLookup(asked, facts);
        if (!verdict.ok) throw new Refused(verdict.error);
        const purpose = purposeOf(officer, asked, { requestId: id, procedureCode: verdict.procedureCode });
        const carried = JSON.stringify({ lookupId: id, query: queryOf(asked), purpose });
        await executor.execute(
          sql`insert into deferred_look_ups (tenant, id, client, officer, agency, fields)
              values (${tenant}, ${id}, ${client}, ${officer.code}, ${agency}, ${textArray(verdict.fields)}::text[])`,
        );
        const place = { platform: POPULATION, stream: `${POPULATION}:lookup:${id}`, subject: id, dossierCode };
        const payload = sealer.seal(carried, dossierContext(tenant, dossierCode));
        const operation = "citizen.lookup-deferred";
        const entry = {
          ...place,
          operation,
          client,
          agency,
          correlationId,
          payload,
          priority: PRIORITIES.desk,
        } as const;
        await appendEntry(executor, tenant, entry, null);
        return { status: 202, body: JSON.stringify({ lookupId: id }) };
      }),
    );
    wake();
    return answer;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await database.transaction(async (executor) => {
      await beginAccesses(executor, tenant, [access]);
      const told = { errorCode: error.error.code, fields: [], latencyMs: 0, upstreamIds: [] };
      await endAccesses(executor, tenant, [{ id, outcome: "refused", ...told }]);
    });
    throw error.error;
  }
};

const fetchOnce = async (parts: DeferredDeskParts, caller: Caller, id: string): Promise<CitizenAnswer> => {
  const { database, tenant, sealer } = parts;
  const officer = officerOf(caller);
  return database.transaction(async (executor) => {
    const [row] = await rows<Row>(
      executor,
      sql`select outcome, content, settled_at is not null as is_settled, fetched_at is not null or ${isTooOld} as is_gone
          from deferred_look_ups
          where tenant = ${tenant} and id = ${id} and client = ${caller.client} and officer = ${officer.code} for update`,
    );
    if (row === undefined) throw new GatewayError("not_found");
    const { outcome, content } = row;
    if (!row.is_settled || outcome === null) {
      throw new GatewayError("not_found", { retryAfterSeconds: UNDER_WAY_SECONDS });
    }
    if (row.is_gone) throw new GatewayError("gone");
    if (outcome === "failed") throw new GatewayError("upstream_rejected");
    const opened =
      content && (JSON.parse(sealer.open(content, deferredContext(tenant, id))) as CitizenAnswer["citizen"]);
    await executor.execute(
      sql`update deferred_look_ups set content = null, fetched_at = now() where tenant = ${tenant} and id = ${id}`,
    );
    const released = newAccessId();
    const name = sealer.seal(officer.name, officerContext(tenant, released));
    await executor.execute(
      sql`insert into access_records (tenant, id, platform, kind, client, agency, officer, officer_name, dossier_code, procedure_code,
                                      purpose, is_dossier_missing, subject, subject_masked, correlation_id)
          select tenant, ${released}, platform, 'citizen.fetch', client, ${officer.agency}, officer, ${name}, dossier_code,
                 procedure_code, purpose, is_dossier_missing, subject, subject_masked, ${caller.correlationId}
          from access_records where tenant = ${tenant} and id = ${id}`,
    );
    const fields = Object.keys(opened ?? {});
    await endAccesses(executor, tenant, [{ id: released, outcome, fields, latencyMs: 0, upstreamIds: [id] }]);
    return { outcome, ...(opened && { citizen: opened }), requestId: id };
  });
};

/** A desk over one database. */
export const createDeferredDesk = (parts: DeferredDeskParts): DeferredDesk => ({
  defer: (caller, asked) => defer(parts, caller, asked),
  fetch: (caller, id) => fetchOnce(parts, caller, id),
});
