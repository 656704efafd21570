import type { CallContext, PlatformCache, Reading } from "../../contracts/adapter.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { PortalClient } from "./client.ts";
import type { Procedure } from "./map.ts";
import { singleFlight } from "./single-flight.ts";

/** How long a procedure is used before the portal is asked again. */
export const PROCEDURE_LIFE_SECONDS = 24 * 3600;

/**
 * How long a stale copy serves without another question after the portal's catalogue failed. Without this pause
 * each dossier would make one more failing call, and those would open the breaker on a portal that still takes
 * dossiers.
 */
export const STALE_PAUSE_MS = 5 * 60_000;

/** The key of a procedure in the platform's cache. */
export const cacheKey = (code: string): string => `procedure:${code}`;

const INTERRUPTED: Reading<Procedure> = {
  ok: false,
  fault: {
    outcome: "transient",
    code: "upstream_unavailable",
    message: "The look-up that this call waited for stopped",
  },
};

const unknownProcedure = (code: string): Reading<Procedure> => ({
  ok: false,
  fault: {
    outcome: "refused",
    code: "upstream_rejected",
    message: `The national portal knows no procedure ${code} (LayThuTuc answered with no row)`,
  },
});

const notCached = (code: string): Reading<Procedure> => ({
  ok: false,
  fault: {
    outcome: "transient",
    code: "upstream_unavailable",
    message: `The procedure ${code} was not fetched from the national portal yet`,
  },
});

const readStored = (value: unknown): Procedure | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, fieldCode, fieldName } = value as Partial<Record<keyof Procedure, unknown>>;
  const whole = typeof name === "string" && typeof fieldCode === "string" && typeof fieldName === "string";
  return whole ? { name, fieldCode, fieldName } : undefined;
};

/** What a dossier is looked up by: its procedure, as it was when the dossier was received. */
export type ProcedureOf = Pick<Dossier, "procedureCode" | "receivedAt">;

const mirrored = async (
  { procedureCode, receivedAt }: ProcedureOf,
  cache: PlatformCache,
): Promise<Procedure | undefined> => (await cache.procedure?.(procedureCode, receivedAt)) ?? undefined;

/** The procedure as it is mirrored, or else cached, of whatever age; makes no call. */
export const readCached = async (dossier: ProcedureOf, cache: PlatformCache): Promise<Reading<Procedure>> => {
  const code = dossier.procedureCode;
  const procedure = (await mirrored(dossier, cache)) ?? readStored((await cache.get(cacheKey(code)))?.value);
  return procedure === undefined ? notCached(code) : { ok: true, value: procedure };
};

/** Gives the procedure's name and field by its code as the province gave it. */
export type Catalogue = (dossier: ProcedureOf, call: CallContext) => Promise<Reading<Procedure>>;

/**
 * The portal's catalogue as dossiers need it (np 2.2: `TenTTHC`, `MaLinhVuc`, `TenLinhVuc` come from `LayThuTuc`).
 * The mirror first, as it was when the dossier was received; without it one question for all who wait; 24 hours in the shared cache; a stale copy serves while the portal's catalogue
 * fails; a procedure that the portal does not know is refused and asked for again next time.
 */
export const openCatalogue = (client: Pick<PortalClient, "findProcedure">): Catalogue => {
  const flight = singleFlight<Reading<Procedure>>(INTERRUPTED);
  const pausedUntil = new Map<string, number>();

  const ask = async (code: string, stale: Procedure | undefined, call: CallContext): Promise<Reading<Procedure>> => {
    const reading = await client.findProcedure(code, call);
    if (!reading.ok && stale !== undefined) {
      pausedUntil.set(code, call.now().getTime() + STALE_PAUSE_MS);
      return { ok: true, value: stale };
    }
    if (!reading.ok) return reading;
    if (reading.value === null) return unknownProcedure(code);
    const [first] = reading.value.LINHVUCTHUCHIEN;
    const procedure: Procedure = {
      name: reading.value.TENTTHC,
      fieldCode: first?.MALINHVUC ?? "",
      fieldName: first?.TENLINHVUC ?? "",
    };
    await call.cache.put(cacheKey(code), procedure);
    return { ok: true, value: procedure };
  };

  const find = async (code: string, call: CallContext): Promise<Reading<Procedure>> => {
    const stored = await call.cache.get(cacheKey(code));
    const copy = stored === null ? undefined : readStored(stored.value);
    if (stored === null || copy === undefined) return ask(code, undefined, call);
    const fresh = stored.ageSeconds < PROCEDURE_LIFE_SECONDS;
    const paused = call.now().getTime() < (pausedUntil.get(code) ?? 0);
    return fresh || paused ? { ok: true, value: copy } : ask(code, copy, call);
  };

  return async (dossier, call) => {
    const known = await mirrored(dossier, call.cache);
    const { procedureCode } = dossier;
    return known === undefined ? flight(procedureCode, () => find(procedureCode, call)) : { ok: true, value: known };
  };
};
