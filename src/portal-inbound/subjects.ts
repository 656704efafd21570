import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { Sealer } from "../security/sealing.ts";
import { type LandTax, NO_LAND_TAX } from "./land-tax.ts";

/** What the portal told about one dossier code. */
export interface Subject {
  /** SHA-256 of every message that was taken, by what it told: the same again brings nothing new. */
  readonly seen: readonly string[];
  /** A dossier of this code was pushed. */
  readonly filed?: true;
  readonly landTax: LandTax;
}

const UNKNOWN: Subject = { seen: [], landTax: NO_LAND_TAX };

/** Messages remembered of one code: far more than are ever sent about a dossier. */
const MOST_SEEN = 1000;

const contextOf = (tenant: string, code: string): string => `portal-subject:${tenant}:${code}`;

const opened = (tenant: string, sealer: Sealer, code: string, content: Uint8Array | null): Subject =>
  content === null ? UNKNOWN : (JSON.parse(sealer.open(content, contextOf(tenant, code))) as Subject);

/**
 * Locks these codes until the transaction ends, in one order for everybody, whether anything was told of them before or not.
 * Whoever also locks dossiers locks these first.
 */
export const lockSubjects = async (
  executor: Executor,
  tenant: string,
  codes: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array | null>> => {
  const locked = await rows<{ code: string; content: Uint8Array | null }>(
    executor,
    sql`insert into portal_subjects as s (tenant, code)
        select ${tenant}, code from unnest(${textArray(codes)}::text[]) as asked(code) group by code order by code
        on conflict (tenant, code) do update set content = s.content returning code, content`,
  );
  return new Map(locked.map(({ code, content }) => [code, content]));
};

/** Locks these codes and opens what is known of them. */
export const openSubjects = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  codes: readonly string[],
): Promise<ReadonlyMap<string, Subject>> => {
  const locked = await lockSubjects(executor, tenant, codes);
  return new Map([...locked].map(([code, content]) => [code, opened(tenant, sealer, code, content)]));
};

/** What is owed and was paid for land under any of these codes of one dossier, without a lock. */
export const readLandTax = async (
  executor: Executor,
  { tenant, sealer }: { readonly tenant: string; readonly sealer: Sealer },
  codes: readonly string[],
): Promise<LandTax> => {
  const found = await rows<{ code: string; content: Uint8Array }>(
    executor,
    sql`select code, content from portal_subjects
        where tenant = ${tenant} and code = any(${textArray(codes)}::text[]) and content is not null order by code`,
  );
  const taxes = found.map(({ code, content }) => opened(tenant, sealer, code, content).landTax);
  return {
    decisions: taxes.flatMap(({ decisions }) => decisions),
    receipts: taxes.flatMap(({ receipts }) => receipts),
  };
};

/** Keeps what is known of a code that the caller has locked. */
export const writeSubject = async (
  executor: Executor,
  tenant: string,
  sealer: Sealer,
  [code, subject]: readonly [code: string, subject: Subject],
): Promise<void> => {
  const kept: Subject = { ...subject, seen: subject.seen.slice(-MOST_SEEN) };
  const content = sealer.seal(JSON.stringify(kept), contextOf(tenant, code));
  await executor.execute(
    sql`update portal_subjects set content = ${content} where tenant = ${tenant} and code = ${code}`,
  );
};
