import type { Dossier, DossierEvent, DossierStatus } from "../../contracts/services/dossier.ts";
import type { WorkingCalendar } from "../calendar/working-calendar.ts";
import { addWorkingTime, workingTimeBetween } from "../calendar/working-time.ts";

/** What the rules know of a dossier besides its status. It stands in the dossier's own row: no call reads more than that. */
export interface LifeCycleFacts {
  /** Extensions so far. */
  readonly extensions: number;
  /** Supplement requests so far. */
  readonly supplements: number;
  /** The due date in force, an instant: as put, extended, or moved by what a supplement paused. */
  readonly dueAt?: string;
  /** Since when a supplement pauses the clock, an instant. */
  readonly pausedSince?: string;
  /** The supplement now asked for was told by a step of that kind; the province may tell it by a put as well. */
  readonly requestTold?: true;
}

/** The stored dossier as far as the rules care. */
export interface StoredLife {
  readonly status: DossierStatus;
  /** Milliseconds. */
  readonly receivedAt: number;
  /** The due date of the last put, milliseconds; the facts may have another. */
  readonly putDueAt: number | null;
  readonly facts: LifeCycleFacts;
}

/** Whoever waits for a supplement longer than this has stopped waiting; it also bounds what one call makes us reckon. */
const LONGEST_PAUSE_MS = 1100 * 24 * 3600 * 1000;

/** Whether a step or put asks for a supplement anew: a put and a step may both tell of one request. */
export const asksForSupplement = (
  before: StoredLife | undefined,
  status: DossierStatus,
  kind?: DossierEvent["kind"],
): boolean => {
  if (before?.status !== "supplement-required")
    return status === "supplement-required" || kind === "supplement-request";
  return kind === "supplement-request" && before.facts.requestTold === true;
};

/** Before acceptance no clock runs, so nothing pauses it (domain section 3.2). */
const clockRuns = (before: DossierStatus): boolean => before !== "submitted";

// A citizen who asks to withdraw while the supplement is missing has not brought it.
const keepsPause = (status: DossierStatus): boolean => status === "supplement-required" || status === "withdrawn";

/** The due date moves by the working time between request and completion (domain section 3.4). */
const resumed = (facts: LifeCycleFacts, at: number, calendar: WorkingCalendar): LifeCycleFacts => {
  const { pausedSince, ...rest } = facts;
  if (pausedSince === undefined || rest.dueAt === undefined) return rest;
  const since = Date.parse(pausedSince);
  const paused = workingTimeBetween(calendar, since, Math.min(at, since + LONGEST_PAUSE_MS));
  if (paused === 0) return rest;
  return { ...rest, dueAt: new Date(addWorkingTime(calendar, Date.parse(rest.dueAt), paused)).toISOString() };
};

const paused = (facts: LifeCycleFacts, at: number): LifeCycleFacts =>
  facts.pausedSince === undefined ? { ...facts, pausedSince: new Date(at).toISOString() } : facts;

const withoutPause = ({ pausedSince: _, ...facts }: LifeCycleFacts): LifeCycleFacts => facts;

/** Pure: the facts once a step is accepted. */
export const factsAfterEvent = (stored: StoredLife, event: DossierEvent, calendar: WorkingCalendar): LifeCycleFacts => {
  const at = Date.parse(event.occurredAt);
  const { requestTold, ...before } = stored.facts;
  const facts: LifeCycleFacts = {
    ...before,
    supplements: before.supplements + (asksForSupplement(stored, event.status, event.kind) ? 1 : 0),
    extensions: before.extensions + (event.kind === "extension" ? 1 : 0),
    ...(event.kind === "extension" && event.newDueAt !== undefined && { dueAt: event.newDueAt }),
  };
  if (event.status === "supplement-required") {
    const told = event.kind === "supplement-request" || requestTold === true;
    const asked: LifeCycleFacts = { ...facts, ...(told && { requestTold: true }) };
    return clockRuns(stored.status) ? paused(asked, at) : asked;
  }
  return keepsPause(event.status) ? facts : resumed(facts, at, calendar);
};

const lastOf = (moments: readonly (string | undefined)[]): number | undefined => {
  const known = moments.flatMap((moment) => (moment === undefined ? [] : [Date.parse(moment)]));
  return known.length === 0 ? undefined : Math.max(...known);
};

const repeatsDueDate = (stored: StoredLife | undefined, { dueAt }: Dossier): boolean =>
  stored !== undefined && stored.putDueAt === (dueAt === undefined ? null : Date.parse(dueAt));

/** How many supplements were asked for once a put is accepted: what it lists may be more than what we saw. */
export const supplementsAfterPut = (stored: StoredLife | undefined, { status, supplements }: Dossier): number => {
  const asked = (stored?.facts.supplements ?? 0) + (asksForSupplement(stored, status) ? 1 : 0);
  return Math.max(asked, supplements?.length ?? 0);
};

const factsOfPut = (stored: StoredLife | undefined, dossier: Dossier): LifeCycleFacts => {
  const before: Partial<LifeCycleFacts> = stored?.facts ?? {};
  const dueAt = repeatsDueDate(stored, dossier) ? (before.dueAt ?? dossier.dueAt) : dossier.dueAt;
  const stays = dossier.status === "supplement-required" && stored?.status === "supplement-required";
  return {
    extensions: before.extensions ?? 0,
    supplements: supplementsAfterPut(stored, dossier),
    ...(dueAt !== undefined && { dueAt }),
    ...(before.pausedSince !== undefined && { pausedSince: before.pausedSince }),
    ...(stays && before.requestTold === true && { requestTold: true }),
  };
};

/**
 * Pure: the facts once a put is accepted. A put names no moment of its change: the moments of its supplements count, else
 * `now`. While it repeats the due date put before, the one in force stays; another one is the province's own word, what was
 * paused included.
 */
export const factsAfterPut = (
  stored: StoredLife | undefined,
  dossier: Dossier,
  now: Date,
  calendar: WorkingCalendar,
): LifeCycleFacts => {
  const facts = factsOfPut(stored, dossier);
  const supplements = dossier.supplements ?? [];
  if (dossier.status === "supplement-required") {
    if (stored !== undefined && !clockRuns(stored.status)) return facts;
    return paused(facts, lastOf(supplements.map(({ requestedAt }) => requestedAt)) ?? now.getTime());
  }
  if (keepsPause(dossier.status)) return facts;
  if (!repeatsDueDate(stored, dossier)) return withoutPause(facts);
  return resumed(facts, lastOf(supplements.map(({ receivedAt }) => receivedAt)) ?? now.getTime(), calendar);
};
