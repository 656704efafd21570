import type { AddressedFile } from "../../contracts/portal-inbound.ts";
import type { Executor } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { urlOf } from "./keep-files.ts";

/** A file that its event will have, as the event tells of it: until then its address here answers 404. */
interface AwaitedFile {
  readonly n: number;
  readonly name: string;
  readonly url: string;
}

/** Binds what is known of a file to its place. */
export const addressContext = (tenant: string, eventId: string, n: number): string =>
  `addressed-file:${tenant}:${eventId}:${n}`;

/**
 * Notes files to be fetched for an event that is about to be recorded; none where this deployment fetches none.
 *
 * @param taken how many files the event has already.
 */
export const noteAddressed = async (
  executor: Executor,
  { tenant, sealer, publicUrl, fetchesFiles }: InboundParts,
  eventId: string,
  { taken, files }: { readonly taken: number; readonly files: readonly AddressedFile[] },
): Promise<AwaitedFile[]> => {
  if (!fetchesFiles) return [];
  const awaited: AwaitedFile[] = [];
  for (const file of files) {
    const n = taken + awaited.length + 1;
    const content = sealer.seal(JSON.stringify(file), addressContext(tenant, eventId, n));
    await executor.execute(
      sql`insert into portal_addressed_files (tenant, event_id, n, content) values (${tenant}, ${eventId}, ${n}, ${content})`,
    );
    awaited.push({ n, name: file.name, url: urlOf(publicUrl, eventId, n) });
  }
  return awaited;
};
