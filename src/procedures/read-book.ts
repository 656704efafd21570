import type { ProcedureContent } from "../../contracts/services/procedures.ts";
import { type SQL, sql } from "../database/sql.ts";
import { type BookPolicy, type BookProcedure, createProcedureBook, type ProcedureBook } from "./procedure-book.ts";

/** The columns of the book within a statement that reads more. */
export interface BookColumns {
  readonly procedures: readonly ProcedureRow[] | null;
  readonly policies: readonly BookPolicy[] | null;
}

interface ProcedureRow {
  readonly code: string;
  readonly given: string;
  readonly versions: readonly {
    readonly from: number;
    readonly none: boolean;
    readonly channels: readonly {
      readonly channel: ProcedureContent["channels"][number]["channel"];
      readonly times: readonly ProcedureContent["channels"][number]["terms"][number]["time"][];
    }[];
  }[];
}

/** Everything the book is made of as two columns: what is read of a version is small, whatever the version holds. */
export const bookColumns = (tenant: string): SQL => sql`
  (select jsonb_agg(jsonb_build_object('code', p.code, 'given', p.platform_code, 'versions',
     (select jsonb_agg(jsonb_build_object(
        'from', (extract(epoch from v.valid_from) * 1000)::float8, 'none', v.has_no_result,
        'channels', (select coalesce(jsonb_agg(jsonb_build_object('channel', w -> 'channel', 'times',
                       jsonb_path_query_array(w, '$.terms[*].time'))), '[]')
                     from jsonb_array_elements(v.content -> 'channels') w)) order by v.valid_from)
      from procedure_versions v where v.tenant = p.tenant and v.code = p.code)))
   from procedures p where p.tenant = ${tenant}) as procedures,
  (select jsonb_agg(jsonb_build_object('code', l.code, 'policy', l.policy, 'decision', l.decision))
   from (select distinct on (code) code, policy, decision from procedure_policies
         where tenant = ${tenant} order by code, id desc) l) as policies`;

const toBookProcedure = ({ code, given, versions }: ProcedureRow): BookProcedure => ({
  code,
  platformCode: given,
  versions: versions.map(({ from, none, channels }) => {
    const named = channels.flatMap(({ channel, times }) => (channel === null ? [] : [{ channel, times }]));
    return {
      from,
      hasNoResult: none,
      times: named.flatMap(({ channel, times }) =>
        times.flatMap((time) => (time === null ? [] : [{ channel, ...time }])),
      ),
      openChannels: named.flatMap(({ channel, times }) => (times.includes(null) ? [channel] : [])),
    };
  }),
});

/** The book of these columns. */
export const toProcedureBook = ({ procedures, policies }: BookColumns): ProcedureBook =>
  createProcedureBook((procedures ?? []).map(toBookProcedure), policies ?? []);
