import type { Adapter, PlatformId } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Language } from "../../contracts/text.ts";
import type { Database, Executor } from "../ledger/database.ts";
import { type IdempotencyKey, type KeptAnswer, keepAnswer, takeKey } from "../ledger/idempotency.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";
import type { Acceptance } from "./acceptance/acceptance.ts";

/** Everything the dossier operations need. One per process on Node, one per request on Workers. */
export interface DossierOffice {
  readonly database: Database;
  readonly tenant: string;
  readonly now: () => Date;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly hashes: SearchHashes;
  /** The platform that dossiers are synced to, or null while none is configured. */
  readonly portal: Adapter | null;
  /** Told after commit that a platform has work. */
  readonly wake: (platform: PlatformId) => void;
  /** Commits one call together with whoever calls at the same time; returns when it is durable. */
  readonly accept: (acceptance: Acceptance) => Promise<Answer>;
}

/** Who calls, as far as the operations care. */
export interface Caller {
  readonly client: string;
  /** Canonical agency code: the owner of what it first puts, and the boundary of what it sees. */
  readonly agency: string;
  readonly correlationId: string;
  readonly language: Language;
  readonly idempotencyKey?: IdempotencyKey;
}

/** An answer with the mark whether it was given before under the same key. */
export interface Answer extends KeptAnswer {
  readonly replayed: boolean;
}

/** The platform dossiers go to. @throws GatewayError `not_configured` */
export const portalOf = ({ portal }: DossierOffice): Adapter => {
  if (portal !== null) return portal;
  throw new GatewayError("not_configured", {
    detail: {
      vi: "Chưa khai báo kết nối Cổng Dịch vụ công quốc gia (NATIONAL_PORTAL_URL).",
      en: "The national portal is not configured (NATIONAL_PORTAL_URL).",
    },
    retryAfterSeconds: 60,
  });
};

/**
 * Answers once per Idempotency-Key, in the caller's transaction: the first answer again, or the work's answer, kept.
 * The subject's row is locked by the caller before, so that two calls never wait for each other crosswise.
 */
export const answerOnce = async (
  executor: Executor,
  tenant: string,
  key: IdempotencyKey | undefined,
  work: () => Promise<KeptAnswer>,
): Promise<Answer> => {
  const kept = key === undefined ? null : await takeKey(executor, tenant, key);
  if (kept !== null) return { ...kept, replayed: true };
  const answer = await work();
  if (key !== undefined) await keepAnswer(executor, tenant, key, answer);
  return { ...answer, replayed: false };
};
