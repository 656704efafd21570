import { GatewayError } from "../../../contracts/errors.ts";
import { agencyCovers } from "../../../contracts/identifiers.ts";
import type { Executor } from "../../database/database.ts";
import type { Answer } from "../../ledger/answer-once.ts";
import type { IdempotencyKey } from "../../ledger/idempotency.ts";
import { dossierContext } from "../../ledger/open-message.ts";
import { supersedeUpdates } from "../../ledger/supersede-updates.ts";
import { type DossierOffice, portalOf } from "../dossier-office.ts";
import type { Acceptance, Decision, EntryWrite } from "./acceptance.ts";
import { claimPushed, withPushed } from "./claim-pushed.ts";
import { type DecisionRules, decideEvent, decidePut } from "./decide.ts";
import { type LockedDossier, lockDossiers } from "./lock-dossiers.ts";
import { readContext } from "./read-context.ts";
import { keyName, type TakenKey, takeKeys } from "./take-keys.ts";
import { writeAcceptances } from "./write-acceptances.ts";

/** What one call of a group gets. `wrote`: it changed what is stored; not, when it was an equal one again. */
export type GroupResult = { readonly answer: Answer; readonly wrote: boolean } | { readonly refused: GatewayError };

/** The group has to be given up: another call made one of its new dossiers meanwhile. */
export class GroupGivenUp extends Error {
  constructor() {
    super("another call made a dossier of this group");
    this.name = "GroupGivenUp";
  }
}

const ownerRefusal = ({ kind, caller }: Acceptance, stored: LockedDossier | undefined): GatewayError | undefined => {
  if (stored === undefined) return kind === "event" ? new GatewayError("not_found") : undefined;
  if (agencyCovers(caller.agency, stored.agency)) return undefined;
  return new GatewayError(kind === "put" ? "forbidden" : "not_found");
};

const keysOf = (group: readonly Acceptance[]): IdempotencyKey[] =>
  group.flatMap(({ caller }) => (caller.idempotencyKey === undefined ? [] : [caller.idempotencyKey]));

/** A call with all that was learnt of it under the locks. */
interface Judged {
  readonly acceptance: Acceptance;
  readonly taken: TakenKey | undefined;
  readonly decision: Decision;
}

/** The order of api section 1: owner, then key, then state. */
const judge = (
  acceptance: Acceptance,
  refusal: GatewayError | undefined,
  keys: ReadonlyMap<string, TakenKey>,
  decide: (acceptance: Acceptance) => Decision,
): Judged => {
  if (refusal !== undefined) return { acceptance, taken: undefined, decision: { refused: refusal } };
  const { idempotencyKey } = acceptance.caller;
  const taken = idempotencyKey && keys.get(keyName(idempotencyKey));
  if (taken === undefined || taken === "ours") return { acceptance, taken, decision: decide(acceptance) };
  return { acceptance, taken, decision: "kept" in taken ? { answer: taken.kept } : taken };
};

const placed = async (
  executor: Executor,
  tenant: string,
  entries: readonly EntryWrite[],
): Promise<(EntryWrite & { position: string })[]> => {
  const superseding = entries.filter(({ supersedes }) => supersedes);
  const places = await supersedeUpdates(executor, tenant, superseding);
  return entries.map((entry) => {
    const place = places.get(entry.stream) ?? { position: entry.id, priority: entry.priority };
    return { ...entry, position: place.position, priority: Math.min(entry.priority, place.priority) };
  });
};

const write = async (executor: Executor, tenant: string, judged: readonly Judged[]): Promise<void> => {
  const made = judged.flatMap(({ decision }) => ("refused" in decision ? [] : [decision]));
  const keyed = judged.flatMap(({ acceptance: { caller }, taken, decision }) =>
    caller.idempotencyKey !== undefined && taken === "ours" ? [{ key: caller.idempotencyKey, decision }] : [],
  );
  const missed = await writeAcceptances(executor, tenant, {
    entries: await placed(
      executor,
      tenant,
      made.flatMap(({ entry }) => entry ?? []),
    ),
    dossiers: made.flatMap(({ dossier }) => dossier ?? []),
    events: made.flatMap(({ event }) => event ?? []),
    lifts: made.flatMap(({ lift }) => lift ?? []),
    holdings: made.flatMap(({ holding }) => holding ?? []),
    answers: keyed.flatMap(({ key, decision }) => ("refused" in decision ? [] : [{ key, answer: decision.answer }])),
    released: keyed.flatMap(({ key, decision }) => ("refused" in decision ? [key] : [])),
  });
  if (missed.length > 0) throw new GroupGivenUp();
};

/**
 * Accepts a group of calls in one transaction, each about another dossier: lock, take keys, read, decide, write. Every call has a
 * result of its own; one that is refused leaves nothing behind and does not touch its neighbours. Answers may be given
 * once this returns: then all of it is committed.
 *
 * @throws GroupGivenUp, or what the database throws: nothing of the group is stored then.
 */
export const acceptGroup = async (
  office: DossierOffice,
  provinceCode: string,
  group: readonly Acceptance[],
): Promise<GroupResult[]> => {
  const { tenant, sealer } = office;
  const own: Omit<DecisionRules, "rulebook"> = {
    platform: portalOf(office).platform,
    provinceCode,
    now: office.now(),
    advise: (message) => [
      ...(portalOf(office).advise?.(message, office.files.readsFiles) ?? []),
      ...office.files.advise(message),
    ],
    matches: office.fingerprints.matches,
    seal: (plain, code) => sealer.seal(plain, dossierContext(tenant, code)),
  };
  return office.database.transaction(async (transaction) => {
    const codes = group.map(({ code }) => code);
    const locked = await withPushed(transaction, tenant, group, await lockDossiers(transaction, tenant, codes));
    const owned = group.map((acceptance) => ({
      acceptance,
      refusal: ownerRefusal(acceptance, locked.get(acceptance.code)),
    }));
    const reachable = owned.filter(({ refusal }) => refusal === undefined).map(({ acceptance }) => acceptance);
    const keys = await takeKeys(transaction, tenant, keysOf(reachable));
    const context = await readContext(transaction, tenant, group, { locked, uploadIn: office.files.uploadIn });
    const rules: DecisionRules = { ...own, rulebook: await office.rulebooks.at(transaction, context.rulebook) };
    const judged = owned.map(({ acceptance, refusal }, i) =>
      judge(acceptance, refusal, keys, (one) => {
        const [id = "", stored] = [context.ids[i], locked.get(one.code)];
        return one.kind === "put"
          ? decidePut(one, id, stored, context, rules)
          : decideEvent(one, id, stored, context, rules);
      }),
    );
    await claimPushed(transaction, tenant, judged, locked);
    await write(transaction, tenant, judged);
    return judged.map(
      ({ taken, decision }): GroupResult =>
        "refused" in decision
          ? decision
          : {
              answer: { ...decision.answer, replayed: typeof taken === "object" && "kept" in taken },
              wrote: decision.dossier !== undefined || decision.event !== undefined,
            },
    );
  });
};
