import type { Dossier, DossierStatus } from "../../contracts/services/dossier.ts";
import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { dossierContext } from "../ledger/open-message.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { Sealer } from "../security/sealing.ts";
import type { SearchHashes } from "../security/search-hashes.ts";

/** A stored dossier, as far as what comes in is concerned. */
export interface KnownDossier {
  /** As the province knows it. */
  readonly code: string;
  readonly agency: string;
  readonly status: DossierStatus;
  /** Pushed, and no client has put it yet: the owner is the province. */
  readonly unclaimed: boolean;
  readonly content: Uint8Array;
}

/** The stored dossiers of these codes, each under the code asked for: the province's own or the portal's. */
export const findKnown = async (
  executor: Executor,
  tenant: string,
  codes: readonly string[],
): Promise<ReadonlyMap<string, KnownDossier>> => {
  const found = await rows<KnownDossier & { asked: string }>(
    executor,
    sql`select asked.code as asked, d.code, d.agency, d.status, d.unclaimed, d.content
        from unnest(${textArray(codes)}::text[]) as asked(code)
        join lateral (
          select * from dossiers where tenant = ${tenant} and code = asked.code
          union all
          select * from dossiers where tenant = ${tenant} and portal_code = asked.code
          limit 1
        ) d on true`,
  );
  return new Map(found.map(({ asked, ...dossier }) => [asked, dossier]));
};

/** What storing takes. */
export interface StoringParts {
  readonly tenant: string;
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly hashes: SearchHashes;
}

/**
 * Stores a dossier that the portal pushed, under the portal's code and without an owner of its own, or replaces one that nobody has
 * taken on since (api section 3). No exchange comes of it: what came from the portal does not go back there.
 */
export const storePushed = async (
  executor: Executor,
  { tenant, sealer, fingerprints, hashes }: StoringParts,
  { code, agency, dossier }: { readonly code: string; readonly agency: string; readonly dossier: Dossier },
): Promise<void> => {
  const { applicant } = dossier;
  const search = hashes.tokensOf({
    applicantName: applicant.name,
    identityValues: applicant.identities.map(({ value }) => value),
  });
  await executor.execute(
    sql`insert into dossiers as d (tenant, code, agency, portal_code, status, procedure_code, procedure_name, origin, channel,
                                   unit_code, unit_name, received_at, fingerprint, search, content, unclaimed)
        values (${tenant}, ${code}, ${agency}, ${code}, ${dossier.status}, ${dossier.procedureCode},
                ${dossier.procedureName ?? null}, 'national-portal', ${dossier.channel}, ${dossier.processingUnit.code ?? null},
                ${dossier.processingUnit.name}, ${dossier.receivedAt}::timestamptz, ${fingerprints.of(dossier)},
                ${textArray(search)}::text[], ${sealer.seal(JSON.stringify(dossier), dossierContext(tenant, code))}, true)
        on conflict (tenant, code) do update
        set procedure_code = excluded.procedure_code, procedure_name = excluded.procedure_name, received_at = excluded.received_at,
            fingerprint = excluded.fingerprint, search = excluded.search, content = excluded.content, updated_at = now()
        where d.unclaimed`,
  );
};
