import type { Database } from "../../database/database.ts";
import type { Sealer } from "../../security/sealing.ts";
import { BATCH, writeBatch } from "../batch-text.ts";
import type { FileLine } from "../file-line.ts";
import { importContext } from "../import-context.ts";
import { insertBatch } from "./insert-batch.ts";
import type { Upload } from "./open-upload.ts";

/** Where the lines of an upload go. */
export interface LineStore {
  readonly database: Database;
  readonly tenant: string;
  readonly sealer: Sealer;
}

/** Enough for the next batch: its number of lines, or the line that makes it long. */
const batchLength = (lines: readonly FileLine[]): number | null => {
  let characters = 0;
  for (const [i, line] of lines.entries()) {
    characters += "text" in line ? line.text.length : 0;
    if (i + 1 === BATCH.lines || characters >= BATCH.characters) return i + 1;
  }
  return null;
};

/**
 * Stores lines as they come, sealed, some at a time; each batch is durable before the next is read, so that a fast sender is slowed
 * down to what the database takes.
 *
 * @returns how many lines there were.
 * @throws GatewayError `conflict`, and what reading the lines throws.
 */
export const storeLines = async (
  { database, tenant, sealer }: LineStore,
  upload: Upload,
  file: AsyncIterable<readonly FileLine[]>,
): Promise<number> => {
  let waiting: FileLine[] = [];
  let stored = 0;
  const store = async (lines: readonly FileLine[]): Promise<void> => {
    const content = sealer.seal(writeBatch(lines), importContext(tenant, upload.id));
    await insertBatch(database, tenant, upload, { first: stored + 1, lines: lines.length, content });
    stored += lines.length;
  };
  for await (const lines of file) {
    waiting.push(...lines);
    for (let length = batchLength(waiting); length !== null; length = batchLength(waiting)) {
      await store(waiting.slice(0, length));
      waiting = waiting.slice(length);
    }
  }
  if (waiting.length > 0) await store(waiting);
  return stored;
};
