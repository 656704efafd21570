import { agencyCovers, checkAgencyCode, normalizeAgencyCode } from "../../../contracts/identifiers.ts";
import type { AskedQuestion } from "../../../contracts/portal-inbound.ts";
import { type Executor, rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import type { InboundParts } from "../inbound-parts.ts";
import type { Taken, Taking } from "../taken.ts";

/** Binds a question's content to the question. */
export const questionContext = (tenant: string, id: string): string => `portal-question:${tenant}:${id}`;

/** Whose it is: the agency that the portal names, where that is one of ours; else the province's own. */
const agencyOf = ({ agencyCode = "" }: AskedQuestion, { agency }: InboundParts): string =>
  checkAgencyCode(agencyCode).ok && agencyCovers(agency, agencyCode) ? normalizeAgencyCode(agencyCode) : agency;

interface Before {
  readonly agency: string;
  readonly fingerprint: string | null;
  readonly is_answered: boolean;
}

/** Locks a question, made on the spot if there is none, and the place of its answer: it belongs to whom the question is for. */
const lockQuestion = async (executor: Executor, tenant: string, id: string, agency: string): Promise<Before> => {
  const [before] = await rows<Before>(
    executor,
    sql`insert into portal_questions as q (tenant, id, agency) values (${tenant}, ${id}, ${agency})
        on conflict (tenant, id) do update set agency = q.agency returning agency, fingerprint, is_answered`,
  );
  await executor.execute(
    sql`insert into portal_submissions (tenant, subject, agency) values (${tenant}, ${`question:${id}`}, ${agency})
        on conflict do nothing`,
  );
  if (before === undefined) throw new Error("a locked question is gone");
  return before;
};

/** Whether an answer of ours was accepted: the portal's showing one is then no news. */
const wasAnsweredHere = async (executor: Executor, tenant: string, id: string): Promise<boolean> => {
  const found = await rows(
    executor,
    sql`select 1 from portal_submissions
        where tenant = ${tenant} and subject = ${`question:${id}`} and accepted ? 'question.answer'`,
  );
  return found.length > 0;
};

/**
 * Takes a question as the portal shows it now. A new one and one that was changed are recorded and told; one that was answered before
 * we saw it, or by ourselves, is recorded alone; the same again brings nothing.
 */
export const takeQuestion = async (
  executor: Executor,
  parts: InboundParts,
  question: AskedQuestion,
  { record, now, correlationId }: Taking,
): Promise<Taken> => {
  const { tenant, sealer, fingerprints } = parts;
  const { id, fieldCode = null, procedureCode = null } = question;
  const isAnswered = question.answer !== undefined;
  const before = await lockQuestion(executor, tenant, id, agencyOf(question, parts));
  if (before.fingerprint !== null && fingerprints.matches(before.fingerprint, question)) return { kind: "duplicate" };
  const subject = `question:${id}`;
  const { agency } = before;
  const exchangeId = await record({ operation: "question.received", subject, dossierCode: null, agency });
  await executor.execute(
    sql`update portal_questions set fingerprint = ${fingerprints.of(question)}, is_answered = ${isAnswered},
          content = ${sealer.seal(JSON.stringify(question), questionContext(tenant, id))}, field_code = ${fieldCode},
          procedure_code = ${procedureCode}, changed_at = now()
        where tenant = ${tenant} and id = ${id}`,
  );
  const isNew = before.fingerprint === null;
  const isOldNews = isAnswered && (isNew || (await wasAnsweredHere(executor, tenant, id)));
  if (isOldNews) return { kind: "taken", events: [] };
  const { kind: _, agencyCode: _code, ...told } = question;
  const data = { questionId: id, exchangeId, amended: !isNew, state: isAnswered ? "answered" : "open", question: told };
  return {
    kind: "taken",
    events: [{ type: "question.received", occurredAt: now, subject, agency, data, correlationId }],
  };
};
