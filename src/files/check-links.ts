import type { FileCause } from "../../contracts/services/files.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { LINK_COLUMNS, type LinkRow } from "./link-row.ts";
import { lookAtAddress } from "./open-address.ts";
import { type OpenParts, openLink } from "./open-link.ts";
import { isMisnamed } from "./sniff-type.ts";

/** Links looked at in one piece of work. */
const BATCH = 8;

interface Found {
  readonly cause: FileCause | null;
  readonly type: string | null;
  readonly size: number | null;
}

const look = async (executor: Executor, parts: OpenParts, row: LinkRow): Promise<Found> => {
  const missing = (cause: FileCause): Found => ({ cause, type: null, size: null });
  if (row.upload_id === null) {
    const found = await lookAtAddress(parts.codec.openSource(row.source, row.id).url, parts.address);
    return found.ok ? { cause: null, type: found.type, size: found.total } : missing(found.cause);
  }
  const reading = await openLink(executor, parts, row, { range: null, head: true });
  if (!reading.ok) return missing("not_found");
  return { cause: null, type: reading.content.type, size: reading.content.total };
};

const record = async (executor: Executor, parts: OpenParts, row: LinkRow): Promise<void> => {
  const { cause, type, size } = await look(executor, parts, row);
  const misnamed = type !== null && isMisnamed(parts.codec.openSource(row.source, row.id).name, type);
  await executor.execute(
    sql`update relayed_files
        set reachable = ${cause === null}, cause = ${cause}, type = coalesce(${type}, type),
            size = coalesce(${size}, size), misnamed = case when ${type}::text is null then misnamed else ${misnamed} end
        where tenant = ${parts.tenant} and id = ${row.id}`,
  );
};

/**
 * Looks whether files that were just sent can be had, each once for the deployment: whoever takes one off the list looks at
 * it. Nothing waits for it, and nothing but what is said of the file depends on it.
 *
 * @returns whether there was anything to look at.
 */
export const checkLinks = async (executor: Executor, parts: OpenParts): Promise<boolean> => {
  const due = await rows<LinkRow>(
    executor,
    sql`update relayed_files set check_due_at = null, checked_at = now()
        where tenant = ${parts.tenant} and id in (
          select id from relayed_files where tenant = ${parts.tenant} and check_due_at is not null
          order by check_due_at limit ${BATCH} for update skip locked)
        returning ${LINK_COLUMNS}`,
  );
  await Promise.all(due.map((row) => record(executor, parts, row)));
  return due.length > 0;
};
