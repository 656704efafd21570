import type { Adapter, Fault, Message, Reading } from "../../../contracts/adapter.ts";
import type { Dossier } from "../../../contracts/services/dossier.ts";
import { type Database, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { FileDesk } from "../../files/file-desk.ts";
import type { Fingerprints } from "../../security/fingerprints.ts";
import { decisionIn } from "./address.ts";
import type { AcknowledgementFacts, PaperMaker } from "./paper-maker.ts";

/** What acknowledgements are made with. */
export interface AcknowledgingParts {
  readonly database: Database;
  readonly tenant: string;
  readonly files: FileDesk;
  readonly fingerprints: Fingerprints;
  /** Null: not in this runtime; a process that can will send the dossier. */
  readonly papers: PaperMaker | null;
}

type Put = Extract<Message, { operation: "dossier.put" }>;

const orderedBy = ({ results = [] }: Dossier): string | null =>
  results.flatMap(({ url }) => decisionIn(url) ?? [])[0] ?? null;

const factsOf = ({ dossierCode, dossier }: Put, decision: string): AcknowledgementFacts => ({
  dossierCode,
  procedureCode: dossier.procedureCode,
  procedureName: dossier.procedureName ?? "",
  applicantName: dossier.applicant.name,
  summary: dossier.summary,
  unitName: dossier.processingUnit.name,
  receivedAt: dossier.receivedAt,
  decision,
});

const later = (message: string): { readonly ok: false; readonly fault: Fault } => ({
  ok: false,
  fault: { outcome: "transient", code: "internal", message },
});

interface Known {
  agency: string;
  url_id: string | null;
  fingerprint: string | null;
}

const readKnown = async ({ database, tenant }: AcknowledgingParts, dossierCode: string): Promise<Known | null> => {
  const [known] = await rows<Known>(
    database,
    sql`select d.agency, f.id as url_id, a.fingerprint
        from dossiers d
        left join acknowledgements a on a.tenant = d.tenant and a.dossier_code = d.code
        left join uploaded_files f on f.tenant = a.tenant and f.id = a.upload_id and f.deleted_at is null
        where d.tenant = ${tenant} and d.code = ${dossierCode}`,
  );
  return known ?? null;
};

/** Keeps a new paper as an upload of the dossier's owner, and remembers which it is: both or neither. */
const keepPaper = async (
  { database, tenant, files, fingerprints }: AcknowledgingParts,
  facts: AcknowledgementFacts,
  agency: string,
  paper: Uint8Array,
): Promise<string> => {
  const name = `xac-nhan-${facts.dossierCode}.pdf`;
  const kept = await files.keep(name, new Blob([paper as Uint8Array<ArrayBuffer>]).stream());
  const actor = { actorKind: "client", actor: "gateway", correlationId: facts.dossierCode } as const;
  try {
    return await database.transaction(async (executor) => {
      const { id, url } = await kept.record(executor, { client: "gateway", agency }, actor);
      await executor.execute(
        sql`insert into acknowledgements (tenant, dossier_code, upload_id, fingerprint)
            values (${tenant}, ${facts.dossierCode}, ${id}, ${fingerprints.of(facts)})
            on conflict (tenant, dossier_code) do update
            set upload_id = excluded.upload_id, fingerprint = excluded.fingerprint, created_at = now()`,
      );
      return url;
    });
  } catch (error) {
    await kept.drop();
    throw error;
  }
};

/** The address of the paper that says this of the dossier: the one made before, while it still says so. */
const paperFor = async (parts: AcknowledgingParts, message: Put, decision: string): Promise<Reading<string>> => {
  const { files, fingerprints, papers } = parts;
  const facts = factsOf(message, decision);
  const known = await readKnown(parts, message.dossierCode);
  if (known === null) return later("the dossier to acknowledge is not stored");
  const { agency, url_id: id, fingerprint } = known;
  if (id !== null && fingerprint !== null && fingerprints.matches(fingerprint, facts)) {
    return { ok: true, value: files.uploadUrl(id) };
  }
  if (papers === null) return later("acknowledgements are made on Node: another process sends this dossier");
  const paper = await papers.acknowledgement(facts);
  return { ok: true, value: await keepPaper(parts, facts, agency, paper) };
};

const withPaper = (dossier: Dossier, url: string): Dossier => ({
  ...dossier,
  results: (dossier.results ?? []).map((result) => (decisionIn(result.url) === null ? result : { ...result, url })),
});

/**
 * An adapter whose dossiers carry a real acknowledgement where a policy orders one. The paper is made when the dossier is
 * first sent; every later try, and every later put that changes nothing of what it says, sends the same one.
 */
export const acknowledging = (adapter: Adapter, parts: AcknowledgingParts): Adapter => ({
  ...adapter,
  perform: async (message, call) => {
    const decision = message.operation === "dossier.put" ? orderedBy(message.dossier) : null;
    if (message.operation !== "dossier.put" || decision === null) return adapter.perform(message, call);
    const paper = await paperFor(parts, message, decision);
    if (!paper.ok) return { delivered: false, fault: paper.fault };
    return adapter.perform({ ...message, dossier: withPaper(message.dossier, paper.value) }, call);
  },
});
