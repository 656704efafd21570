import type { AddressedFile } from "../../../contracts/portal-inbound.ts";
import { rows } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { addressContext } from "../addressed-files.ts";
import { keepFiles } from "../keep-files.ts";
import { lockFetch, renewFetch } from "./claim-fetch.ts";
import type { FetchParts } from "./fetch-parts.ts";
import { adoptStaged, MOST_TRIES, stageOne } from "./stage-files.ts";

interface DueFile {
  readonly event_id: string;
  readonly n: number;
  readonly content: Uint8Array;
  readonly tries: number;
}

/** Longest pause between two tries at one file, in seconds. */
const LONGEST_PAUSE = 3600;

/** One that cannot be had is tried later and later, and then marked as missing. */
const putOffFile = async (
  { database, inbound, restSeconds }: FetchParts,
  { event_id, n }: DueFile,
  because: { readonly code: string; readonly isMissing: boolean },
): Promise<void> => {
  await database.execute(
    sql`update portal_addressed_files set tries = tries + 1, error_code = ${because.code}, is_missing = ${because.isMissing},
          next_at = now() + make_interval(secs => least(${LONGEST_PAUSE}, ${restSeconds}::float8 * power(2, least(tries, 20))))
        where tenant = ${inbound.tenant} and event_id = ${event_id} and n = ${n}`,
  );
};

const takeOne = async (parts: FetchParts, fence: string, due: DueFile): Promise<"done" | "held" | "lost"> => {
  const { database, inbound, fetching } = parts;
  const { tenant, sealer } = inbound;
  const { files } = fetching;
  if (files === undefined) return "done";
  const opened = sealer.open(due.content, addressContext(tenant, due.event_id, due.n));
  const { name, address } = JSON.parse(opened) as AddressedFile;
  const { asked, file } = await stageOne(parts, name, (keep, call) => files.download(address, keep, call));
  if (asked.held !== null) return "held";
  if (!asked.reading.ok) {
    const { fault } = asked.reading;
    const isMissing = fault.outcome === "refused" || due.tries + 1 >= MOST_TRIES;
    await putOffFile(parts, due, { code: fault.code, isMissing });
    return "done";
  }
  if (file === null) return "done";
  return database.transaction(async (executor) => {
    if (!(await lockFetch(executor, tenant, fence))) return "lost";
    if (!(await adoptStaged(executor, tenant, [file]))) throw new Error("a file on its way was erased");
    await keepFiles(executor, inbound, due.event_id, [file], due.n);
    await executor.execute(
      sql`delete from portal_addressed_files where tenant = ${tenant} and event_id = ${due.event_id} and n = ${due.n}`,
    );
    return "done";
  });
};

/** Fetches files that messages named by their addresses, some of those that are due. @returns how many there were */
export const takeAddressed = async (
  parts: FetchParts,
  fence: string,
  most: number,
): Promise<number | "held" | "lost"> => {
  const { database, inbound, fetching } = parts;
  if (fetching.files === undefined) return 0;
  const due = await rows<DueFile>(
    database,
    sql`select event_id, n, content, tries from portal_addressed_files
        where tenant = ${inbound.tenant} and not is_missing and next_at <= now() order by next_at, event_id, n limit ${most}`,
  );
  for (const one of due) {
    if (!(await renewFetch(database, inbound.tenant, fence))) return "lost";
    const end = await takeOne(parts, fence, one);
    if (end !== "done") return end;
  }
  return due.length;
};
