import type { Transport } from "../../contracts/adapter.ts";
import type { DispatchLedger } from "../../contracts/ledger.ts";
import type { Database } from "../../src/database/database.ts";
import type { Deployment } from "../../src/wiring.ts";
import type { FailPoint, Reached } from "./fail-points.ts";

type Committing = FailPoint extends infer P ? (P extends `${infer Who}.before-commit` ? Who : never) : never;

/** A database whose transactions pass a place before and after their commit; `counts` tells those that changed something. */
const committing = (
  database: Database,
  who: Committing,
  reached: Reached,
  counts: (result: unknown) => boolean = () => true,
): Database => ({
  execute: (query) => database.execute(query),
  transaction: async (work) => {
    const result = await database.transaction(async (executor) => {
      const done = await work(executor);
      if (counts(done)) reached(`${who}.before-commit`);
      return done;
    });
    if (counts(result)) reached(`${who}.after-commit`);
    return result;
  },
});

const dispatching = (ledger: DispatchLedger, reached: Reached): DispatchLedger => ({
  claim: async (limit) => {
    const claimed = await ledger.claim(limit);
    if (claimed.length > 0) reached("claim.after-commit");
    return claimed;
  },
  settle: async (settlements) => {
    reached("settle.before");
    const ours = await ledger.settle(settlements);
    reached("settle.after-commit");
    return ours;
  },
  renew: async (ids) => {
    await ledger.renew(ids);
    if (ids.length > 0) reached("renew.after-commit");
  },
  takeOver: async () => {
    const taken = await ledger.takeOver();
    if (taken > 0) reached("take-over.after-commit");
    return taken;
  },
});

const sending =
  (transport: Transport, reached: Reached): Transport =>
  async (request, options) => {
    reached("send.before");
    const answer = await transport(request, options);
    reached("answer.before-reading");
    return answer;
  };

/** A step of a replay that found nothing to do commits nothing. */
const didWork = (result: unknown): boolean =>
  typeof result === "object" && result !== null && "worked" in result && result.worked === true;

/**
 * The same deployment with places to die at: its ports are wrapped, and it knows nothing of it.
 *
 * @param leased told under which name a dispatcher holds its leases.
 */
export const withFailPoints = (
  deployment: Deployment,
  reached: Reached,
  leased: (owner: string) => void,
): Deployment => ({
  ...deployment,
  open: (database, wake) => {
    const { dossiers } = deployment.open(committing(database, "accept", reached), wake);
    return { ...deployment.open(committing(database, "act", reached), wake), dossiers };
  },
  dispatch: (database, adapter, transport, lease, ...rest) => {
    leased(lease.owner);
    const inner = deployment.dispatch(database, adapter, sending(transport, reached), lease, ...rest);
    return { ...inner, ledger: dispatching(inner.ledger, reached) };
  },
  chores: (database, wake, questionsOf) =>
    deployment.chores(committing(database, "replay", reached, didWork), wake, questionsOf),
});
