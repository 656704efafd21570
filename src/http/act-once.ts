import type { PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Caller } from "../caller.ts";
import type { Executor } from "../database/database.ts";
import { answerOnce } from "../ledger/answer-once.ts";
import type { Actor } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import { answerKept } from "./answer.ts";
import type { AppContext } from "./environment.ts";

/** Who acts, for the audit. */
export const actorOf = ({ client, correlationId }: Caller): Actor => ({
  actorKind: "client",
  actor: client,
  correlationId,
});

/** What an act answers, and the platform that has work once it is committed. */
export interface ActAnswer {
  readonly body: unknown;
  readonly wakes?: PlatformId;
}

/** An act of a person or client upon something. */
export interface Act {
  /** As the audit names it, such as `replay.stop`. */
  readonly action: string;
  readonly subject: string;
  readonly status: 200 | 201 | 202;
  readonly work: (executor: Executor) => Promise<ActAnswer>;
}

const isRefusal = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && (error.code === "conflict" || error.code === "forbidden");

/**
 * Runs one act in one transaction, once per Idempotency-Key. Of two who act on one thing at the same moment the second is
 * refused, and that it tried is audited too.
 */
export const actOnce = async (c: AppContext, caller: Caller, act: Act): Promise<Response> => {
  const { database, tenant, ledger } = c.var.gateway;
  let wakes: PlatformId | undefined;
  try {
    const answer = await database.transaction((transaction) =>
      answerOnce(transaction, tenant, caller.idempotencyKey, async () => {
        const done = await act.work(transaction);
        wakes = done.wakes;
        return { status: act.status, body: JSON.stringify(done.body) };
      }),
    );
    if (wakes !== undefined) ledger.wake(wakes);
    return answerKept(answer);
  } catch (error) {
    if (isRefusal(error)) {
      const refused = { action: `${act.action}.refused`, subject: act.subject, detail: { code: error.code } };
      await recordAct(database, tenant, { ...actorOf(caller), ...refused });
    }
    throw error;
  }
};
