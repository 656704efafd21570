import type { PolicyView } from "../../../contracts/services/procedures.ts";
import { isoMoment } from "../../database/database.ts";
import { defaultPolicy } from "../procedure-book.ts";

/** A policy as it is stored, in JSON. */
export interface PolicyRow {
  readonly policy: PolicyView["policy"];
  readonly decision: string;
  readonly reason: string | null;
  readonly client: string;
  readonly since: string;
}

/** A policy that was put. */
export const putPolicyView = ({ policy, decision, reason, client, since }: PolicyRow): PolicyView => ({
  policy,
  isDefault: false,
  decision,
  ...(reason !== null && { reason }),
  since: isoMoment(since),
  setBy: client,
});

/** The policy in force: the one put last, or else what follows from the catalogue. */
export const policyView = (put: PolicyRow | null, hasNoResult: boolean): PolicyView =>
  put === null ? { policy: defaultPolicy(hasNoResult), isDefault: true } : putPolicyView(put);
