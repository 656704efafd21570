import type { Language } from "../contracts/text.ts";
import type { IdempotencyKey } from "./ledger/idempotency.ts";
import type { Officer } from "./security/access-tokens.ts";

/** Who calls, as far as the operations care. */
export interface Caller {
  readonly client: string;
  /** Canonical agency code: the owner of what it first puts, and the boundary of what it sees. */
  readonly agency: string;
  /** The person whom the client speaks for; absent: it calls on its own behalf. */
  readonly officer?: Officer;
  readonly correlationId: string;
  readonly language: Language;
  readonly idempotencyKey?: IdempotencyKey;
}
