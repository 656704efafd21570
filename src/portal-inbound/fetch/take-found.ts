import type { PushedDossier } from "../../../contracts/portal-inbound.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { settleParked } from "../append-inbound.ts";
import type { InboundParts } from "../inbound-parts.ts";
import type { PreparedPush } from "../prepare-push.ts";
import { findKnown } from "../pushed-dossier.ts";
import { readingOf } from "../read-body.ts";
import { recorder } from "../receive-push.ts";
import { openSubjects } from "../subjects.ts";
import { takeDossier } from "../take-dossier.ts";
import type { Taken, Taking } from "../taken.ts";
import { understand } from "../understand.ts";
import { countFetched, lockFetch } from "./claim-fetch.ts";
import type { FetchParts } from "./fetch-parts.ts";
import { rowContext } from "./note-rows.ts";
import { adoptStaged, eraseStaged, type Staging, stageFiles } from "./stage-files.ts";

/** A dossier that was listed and is not stored yet. */
export interface FoundDossier {
  readonly code: string;
  readonly content: Uint8Array;
  readonly parked_id: string | null;
  readonly tries: number;
}

/** How taking one ended: it is kept; it waits for another try; the platform is held; the round is somebody else's. */
export type TakingEnd = "kept" | "waits" | "held" | "lost";

type Ready = Extract<Staging, { kind: "ready" }>;
type PreparedDossier = PreparedPush & { readonly push: PushedDossier };

/** Longest pause between two tries at one dossier, in seconds. */
const LONGEST_PAUSE = 3600;

/** Puts a dossier off; its tries say for how long. */
export const putOff = async (
  executor: Executor,
  tenant: string,
  code: string,
  because: { readonly code: string; readonly restSeconds: number },
): Promise<void> => {
  await executor.execute(
    sql`update portal_fetched set tries = tries + 1, error_code = ${because.code},
          next_at = now() + make_interval(secs => least(${LONGEST_PAUSE}, ${because.restSeconds}::float8 * power(2, least(tries, 20))))
        where tenant = ${tenant} and code = ${code}`,
  );
};

/**
 * The province has it already: it put a dossier of this code, or one that names it as its `portalCode`, or the portal pushed it.
 * It is not taken twice, and nobody is told of it again.
 */
const isKnown = async (executor: Executor, { tenant, sealer }: InboundParts, code: string): Promise<boolean> => {
  const subject = (await openSubjects(executor, tenant, sealer, [code])).get(code);
  if (subject?.filed) return true;
  const present = (await findKnown(executor, tenant, [code])).get(code);
  return present !== undefined && !present.unclaimed;
};

const take = async (
  executor: Executor,
  parts: InboundParts,
  found: FoundDossier,
  { prepared, ready, bytes }: { readonly prepared: PreparedDossier; readonly ready: Ready; readonly bytes: Uint8Array },
): Promise<Taken> => {
  const { tenant } = parts;
  if (await isKnown(executor, parts, found.code)) {
    await eraseStaged(
      executor,
      tenant,
      ready.files.map(({ stored }) => stored),
    );
    if (found.parked_id !== null) await settleParked(executor, tenant, found.parked_id);
    return { kind: "duplicate" };
  }
  if (!(await adoptStaged(executor, tenant, ready.files))) throw new Error("files on their way were erased");
  const correlationId = crypto.randomUUID();
  const record: Taking["record"] = async (subject) => {
    const parked = found.parked_id;
    if (parked !== null && (await settleParked(executor, tenant, parked))) return parked;
    return recorder(executor, parts, { call: "laydanhsachhoso", body: readingOf(bytes), correlationId })(subject);
  };
  const taking: Taking = { record, correlationId, now: parts.now(), insisted: true };
  return takeDossier(executor, parts, { ...prepared, files: ready.files, missing: ready.missing }, taking);
};

/** What the row says, read again: the gateway may have been renewed since it was listed. */
const readFound = async (parts: InboundParts, { code, content }: FoundDossier) => {
  const bytes = Buffer.from(parts.sealer.open(content, rowContext(parts.tenant, code)));
  const understood = await understand(parts, "laydanhsachhoso", readingOf(bytes));
  const prepared = understood.ok ? understood.prepared : undefined;
  if (prepared?.push.kind !== "dossier") throw new Error("a listed dossier is none any more");
  return { bytes, prepared: { ...prepared, push: prepared.push } };
};

/**
 * Takes one listed dossier: its files are downloaded first, then it is stored, recorded and told in one transaction. Whatever dies
 * before leaves it as it was listed; whatever dies behind leaves it kept.
 */
export const takeFound = async (parts: FetchParts, fence: string, found: FoundDossier): Promise<TakingEnd> => {
  const { database, inbound, restSeconds } = parts;
  const { tenant } = inbound;
  const { bytes, prepared } = await readFound(inbound, found);
  const staging = await stageFiles(parts, prepared.push, { fence, tries: found.tries });
  if (staging.kind === "held" || staging.kind === "lost") return staging.kind;
  if (staging.kind === "failed") {
    await putOff(database, tenant, found.code, { code: staging.fault.code, restSeconds });
    return "waits";
  }
  return database.transaction(async (executor) => {
    if (!(await lockFetch(executor, tenant, fence))) return "lost";
    const taken = await take(executor, inbound, found, { prepared, ready: staging, bytes });
    if (taken.kind === "taken") {
      await inbound.tell(executor, taken.events);
      await countFetched(executor, tenant, { received: 1 });
    }
    await executor.execute(
      sql`update portal_fetched set stage = 'kept', content = null, tries = 0, next_at = now(), error_code = null
          where tenant = ${tenant} and code = ${found.code}`,
    );
    return "kept";
  });
};

/** Dossiers that are due, of one stage, oldest first. */
export const dueDossiers = (
  executor: Executor,
  tenant: string,
  stage: "found" | "kept",
  most: number,
): Promise<FoundDossier[]> =>
  rows<FoundDossier>(
    executor,
    sql`select code, content, parked_id::text, tries from portal_fetched
        where tenant = ${tenant} and stage <> 'done' and stage = ${stage} and next_at <= now()
        order by next_at, found_at, code limit ${most}`,
  );
