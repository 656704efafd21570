import type { Boundary } from "../../../contracts/ledger.ts";
import type { AskedQuestion } from "../../../contracts/portal-inbound.ts";
import type { AskedQuestionView, QUESTION_STATES } from "../../../contracts/services/questions.ts";
import { type Executor, isoMoment, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { within } from "../../database/within-boundary.ts";
import type { Sealer } from "../../security/sealing.ts";
import { questionContext } from "./take-question.ts";

/** Which questions. */
export interface QuestionFilter {
  readonly state?: readonly (typeof QUESTION_STATES)[number][] | undefined;
  readonly fieldCode?: readonly string[] | undefined;
  readonly procedureCode?: readonly string[] | undefined;
  /** Inclusive, and exclusive. */
  readonly receivedFrom?: string | undefined;
  readonly receivedTo?: string | undefined;
}

/** Where a page begins: after this question. `receivedAt` is the database's own text. */
export interface QuestionPosition {
  readonly receivedAt: string;
  readonly id: string;
}

interface Row {
  id: string;
  agency: string;
  content: Uint8Array;
  field_code: string | null;
  procedure_code: string | null;
  state: (typeof QUESTION_STATES)[number];
  received_at: string;
  changed_at: string;
}

const opened = (sealer: Sealer, tenant: string, { id, content }: Row): AskedQuestion | null => {
  try {
    return JSON.parse(sealer.open(content, questionContext(tenant, id))) as AskedQuestion;
  } catch {
    return null;
  }
};

const viewOf = (row: Row, question: AskedQuestion | null): AskedQuestionView => ({
  id: row.id,
  state: row.state,
  agency: row.agency,
  ...(row.field_code !== null && { fieldCode: row.field_code }),
  ...(row.procedure_code !== null && { procedureCode: row.procedure_code }),
  receivedAt: isoMoment(row.received_at),
  changedAt: isoMoment(row.changed_at),
  content: question?.content ?? null,
  asker: question?.asker ?? {},
  ...(question?.answer && { answer: question.answer }),
});

/** `GET /v1/questions`: newest first by when they were fetched, then number. */
export const listQuestions = async (
  executor: Executor,
  { tenant, sealer, boundary }: { readonly tenant: string; readonly sealer: Sealer; readonly boundary: Boundary },
  filter: QuestionFilter,
  { limit, after }: { readonly limit: number; readonly after?: QuestionPosition | undefined },
): Promise<{ readonly items: AskedQuestionView[]; readonly next: QuestionPosition | null }> => {
  const any = (values: readonly string[]) => sql`any(${textArray(values)}::text[])`;
  const { state, fieldCode, procedureCode, receivedFrom, receivedTo } = filter;
  const found = await rows<Row>(
    executor,
    sql`select * from (
          select q.id, q.agency, q.content, q.field_code, q.procedure_code, q.received_at, q.changed_at,
                 case when q.is_answered then 'answered' when s.accepted ? 'question.answer' then 'answering' else 'open' end as state
          from portal_questions q
          left join portal_submissions s on s.tenant = q.tenant and s.subject = 'question:' || q.id
          where q.tenant = ${tenant} and q.content is not null and ${within(sql`q.agency`, boundary)}
            and ${fieldCode === undefined ? sql`true` : sql`q.field_code = ${any(fieldCode)}`}
            and ${procedureCode === undefined ? sql`true` : sql`q.procedure_code = ${any(procedureCode)}`}
            and ${receivedFrom === undefined ? sql`true` : sql`q.received_at >= ${receivedFrom}::timestamptz`}
            and ${receivedTo === undefined ? sql`true` : sql`q.received_at < ${receivedTo}::timestamptz`}
            and ${after === undefined ? sql`true` : sql`(q.received_at, q.id) < (${after.receivedAt}::timestamptz, ${after.id})`}
        ) q
        where ${state === undefined ? sql`true` : sql`q.state = ${any(state)}`}
        order by q.received_at desc, q.id desc limit ${limit + 1}`,
  );
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => viewOf(row, opened(sealer, tenant, row))),
    next: found.length > limit && last !== undefined ? { receivedAt: last.received_at, id: last.id } : null,
  };
};
