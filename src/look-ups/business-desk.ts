import type { PlatformId, Reading } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Business, BusinessKind } from "../../contracts/registries.ts";
import type { BusinessView } from "../../contracts/services/enterprises.ts";
import type { Caller } from "../caller.ts";
import { type Database, textArray } from "../database/database.ts";
import type { PlatformCalls } from "../resilience/platform-calls.ts";
import { type AccessLog, type AccessMakerParts, newAccess, withinAccess } from "./access-log.ts";
import { keepAnswer, readAnswer } from "./business-answers.ts";
import { errorOfFault } from "./error-of-fault.ts";

/** The registers of businesses. */
const ENTERPRISE: PlatformId = "enterprise";

/** Looks businesses up. */
export interface BusinessDesk {
  /**
   * One business as its register knows it, at most a day old; null: the register holds none.
   *
   * @throws GatewayError `not_configured`, `upstream_*`
   */
  find(caller: Caller, kind: BusinessKind, code: string): Promise<BusinessView | null>;
}

/** What the desk is made of. */
export interface BusinessDeskParts extends AccessMakerParts {
  readonly database: Database;
  readonly accesses: AccessLog;
  readonly callsOf: (platform: PlatformId) => PlatformCalls | undefined;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

const NO_REGISTER = {
  vi: "Giao thức đang dùng không tra cứu được loại hình này.",
  en: "The profile in use cannot ask this register.",
};

/** Binds a kept answer to its place. */
const answerContext = (tenant: string, key: string): string => `business:${tenant}:${key}`;

type Found = Reading<BusinessView | null>;

/** A desk over one database. Callers who ask the same at the same time share one call; each has its own record. */
export const createBusinessDesk = (parts: BusinessDeskParts): BusinessDesk => {
  const { database, tenant, sealer, hashes, accesses, callsOf, elapsed } = parts;
  const underWay = new Map<string, Promise<Found>>();
  const nobodyLeaves = new AbortController().signal;

  const ask = async (kind: BusinessKind, code: string, correlationId: string): Promise<Found> => {
    const calls = callsOf(ENTERPRISE);
    const register = calls?.adapter.businesses;
    if (calls === undefined || register === undefined) throw new GatewayError("not_configured");
    const keys = hashes.queryTokens(`${kind}/${code}`).whole;
    const [key = ""] = keys;
    const kept = await readAnswer(database, tenant, { platform: ENTERPRISE, keys: textArray(keys) });
    if (kept !== null) {
      const business = JSON.parse(sealer.open(kept.content, answerContext(tenant, code))) as Business;
      return { ok: true, value: { ...business, fetchedAt: kept.fetchedAt } as BusinessView };
    }
    const found = await calls.ask({ correlationId, signal: nobodyLeaves }, (call) => register.find(kind, code, call));
    if (!found.ok || found.value === null) return found as Found;
    const content = sealer.seal(JSON.stringify(found.value), answerContext(tenant, code));
    const fetchedAt = await keepAnswer(database, tenant, { platform: ENTERPRISE, key }, content);
    return { ok: true, value: { ...found.value, fetchedAt } as BusinessView };
  };

  const askOnce = (kind: BusinessKind, code: string, correlationId: string): Promise<Found> => {
    const what = `${kind}/${code}`;
    const known = underWay.get(what);
    if (known !== undefined) return known;
    const asking = ask(kind, code, correlationId).finally(() => underWay.delete(what));
    underWay.set(what, asking);
    return asking;
  };

  return {
    find: async (caller, kind, code) => {
      const register = callsOf(ENTERPRISE)?.adapter.businesses;
      if (register === undefined) throw new GatewayError("not_configured");
      if (!register.kinds.includes(kind)) throw new GatewayError("not_configured", { detail: NO_REGISTER });
      const access = newAccess(parts, caller, { platform: ENTERPRISE, kind: "business.lookup", identity: code });
      await accesses.begin(access);
      const begun = elapsed();
      const found = await withinAccess(accesses, access.id, () => askOnce(kind, code, caller.correlationId));
      const end = { id: access.id, latencyMs: elapsed() - begun, upstreamIds: [] };
      if (!found.ok) {
        const error = errorOfFault(found.fault);
        await accesses.end({ ...end, outcome: "failed", errorCode: error.code, fields: [] });
        throw error;
      }
      const { value } = found;
      await accesses.end({
        ...end,
        outcome: value === null ? "not-found" : "found",
        fields: value === null ? [] : Object.keys(value).sort(),
      });
      return value;
    },
  };
};
