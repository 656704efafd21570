import type { Fault } from "../../../contracts/adapter.ts";
import type { FETCHED_LISTS } from "../../../contracts/portal-inbound.ts";
import { sql } from "../../database/sql.ts";
import { takeQuestions } from "../questions/take-listed.ts";
import {
  type ClaimedFetch,
  claimFetch,
  countFetched,
  type FetchCause,
  finishFetch,
  lockFetch,
  noteListed,
  renewFetch,
  restFetch,
} from "./claim-fetch.ts";
import type { FetchParts } from "./fetch-parts.ts";
import { noteDossiers, parkRows, sortRows } from "./note-rows.ts";
import { takeAddressed } from "./take-addressed.ts";
import { dueDossiers, putOff, takeFound } from "./take-found.ts";

/** Dossiers of one claim. */
const BATCH = 20;
const LONGEST_ERROR = 500;

/** How a piece of a round ended. */
type Piece =
  | { readonly end: "done" }
  | { readonly end: "lost" }
  | { readonly end: "rest"; readonly because: FetchCause };

const DONE: Piece = { end: "done" };
const LOST: Piece = { end: "lost" };

const causeOf = ({ code, message }: Fault): FetchCause => ({ code, message: message.slice(0, LONGEST_ERROR) });

const heldCause = (held: string): FetchCause => ({ code: held, message: `the platform is held: ${held}` });

const heldBy = (held: string): Piece => ({ end: "rest", because: heldCause(held) });

interface Listing {
  readonly rows: readonly unknown[];
  /** A readable no: the other list may be given all the same. */
  readonly refused?: FetchCause;
}

type Lister = NonNullable<FetchParts["fetching"]["questions"]>["list"];

const list = async (parts: FetchParts, lister: Lister | undefined): Promise<Listing | Piece> => {
  if (lister === undefined) return { rows: [] };
  const asked = await parts.ask(lister, true);
  if (asked.held !== null) return heldBy(asked.held);
  if (asked.reading.ok) return { rows: asked.reading.value };
  const { fault } = asked.reading;
  return fault.outcome === "refused" ? { rows: [], refused: causeOf(fault) } : { end: "rest", because: causeOf(fault) };
};

/** Asks for both lists; what they say is written at once, or nothing of it is. */
const listAll = async (parts: FetchParts, fence: string): Promise<Piece & { readonly refused?: FetchCause }> => {
  const { database, inbound, fetching } = parts;
  const dossiers = await list(parts, fetching.dossiers?.list);
  if ("end" in dossiers) return dossiers;
  const questions = await list(parts, fetching.questions?.list);
  if ("end" in questions) return questions;
  const sort = (call: (typeof FETCHED_LISTS)[number], { rows }: Listing) =>
    sortRows(inbound, call, rows, crypto.randomUUID());
  const [filed, asked] = [
    await sort("laydanhsachhoso", dossiers),
    await sort("LayDanhSachHoiDapGuiTuDVCQG", questions),
  ];
  if (!(await renewFetch(database, inbound.tenant, fence))) return LOST;
  if ((await takeQuestions(parts, fence, asked.read)) === "lost") return LOST;
  return database.transaction(async (executor) => {
    if (!(await lockFetch(executor, inbound.tenant, fence))) return LOST;
    const parked = await parkRows(executor, inbound, [...filed.unread, ...asked.unread]);
    await noteDossiers(executor, inbound, filed.read);
    await countFetched(executor, inbound.tenant, { parked });
    await noteListed(executor, inbound.tenant, dossiers.rows.length + questions.rows.length);
    const refused = dossiers.refused ?? questions.refused;
    return { ...DONE, ...(refused && { refused }) };
  });
};

const takeDue = async (parts: FetchParts, fence: string): Promise<Piece & { readonly count: number }> => {
  const { database, inbound } = parts;
  const due = await dueDossiers(database, inbound.tenant, "found", BATCH);
  for (const found of due) {
    if (!(await renewFetch(database, inbound.tenant, fence))) return { ...LOST, count: 0 };
    const end = await takeFound(parts, fence, found);
    if (end === "lost") return { ...LOST, count: 0 };
    if (end === "held") return { ...heldBy("held"), count: 0 };
  }
  return { ...DONE, count: due.length };
};

/** Tells the portal what arrived. One that it refuses to hear is told again later and later, and holds up no other. */
const acknowledgeDue = async (parts: FetchParts, fence: string): Promise<Piece & { readonly count: number }> => {
  const { database, inbound, fetching, ask, restSeconds } = parts;
  const { tenant } = inbound;
  const { dossiers } = fetching;
  if (dossiers === undefined) return { ...DONE, count: 0 };
  const due = await dueDossiers(database, tenant, "kept", BATCH);
  for (const { code } of due) {
    if (!(await renewFetch(database, tenant, fence))) return { ...LOST, count: 0 };
    const asked = await ask((call) => dossiers.acknowledge(code, call));
    if (asked.held !== null) return { ...heldBy(asked.held), count: 0 };
    if (asked.reading.ok) {
      await database.execute(
        sql`update portal_fetched set stage = 'done', error_code = null where tenant = ${tenant} and code = ${code} and stage = 'kept'`,
      );
    } else await putOff(database, tenant, code, { code: asked.reading.fault.code, restSeconds });
  }
  return { ...DONE, count: due.length };
};

const work = async (parts: FetchParts, { fence, stage }: ClaimedFetch): Promise<boolean> => {
  const { database, inbound, everyMs, restSeconds } = parts;
  const { tenant } = inbound;
  const rest = async (because: FetchCause | null): Promise<boolean> => {
    await restFetch(database, tenant, fence, { seconds: because === null ? 0 : restSeconds, because });
    return because === null;
  };
  const listed: Awaited<ReturnType<typeof listAll>> = stage === "listing" ? await listAll(parts, fence) : DONE;
  if (listed.end === "lost") return false;
  if (listed.end === "rest") return rest(listed.because);
  const taken = await takeDue(parts, fence);
  if (taken.end === "lost") return false;
  if (taken.end === "rest") return rest(taken.because);
  const told = await acknowledgeDue(parts, fence);
  if (told.end === "lost") return false;
  if (told.end === "rest") return rest(told.because);
  const files = await takeAddressed(parts, fence, BATCH);
  if (files === "lost") return false;
  if (files === "held") return rest(heldCause("held"));
  if ([taken.count, told.count, files].includes(BATCH)) return rest(null);
  await finishFetch(database, tenant, fence, { everyMs, because: listed.refused ?? null });
  return false;
};

/**
 * One bounded piece of fetching what waits at the portal (national-portal sections 1.3 and 2.5): the lists, or some dossiers of them,
 * each stored and recorded before the portal is told of its arrival. How far it is stands in the tables alone; one process works at
 * it at a time, and another goes on where one died.
 *
 * @returns whether there may be more at once: when not, a pause is in order.
 */
export const stepFetch = async (parts: FetchParts): Promise<boolean> => {
  const claimed = await claimFetch(parts.database, parts.inbound.tenant, parts.everyMs);
  return claimed === null ? false : work(parts, claimed);
};
