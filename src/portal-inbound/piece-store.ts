import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { ObjectStore } from "../files/object-store.ts";

/** Bytes of one row: small enough that a body of any size is written and read with a few megabytes in memory. */
export const PIECE_BYTES = 512 * 1024;

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    held.push(part);
    size += part.length;
    if (size < PIECE_BYTES) continue;
    let whole = Buffer.concat(held, size);
    for (; whole.length >= PIECE_BYTES; whole = whole.subarray(PIECE_BYTES)) yield whole.subarray(0, PIECE_BYTES);
    held = [whole];
    size = whole.length;
  }
  if (size > 0) yield Buffer.concat(held, size);
}

/** Objects as rows of the database, in the transaction of whoever writes: kept with what is recorded of them, or not at all. */
export const createPieceStore = (executor: Executor, tenant: string): ObjectStore => {
  async function* read(name: string, first: number, last: number): AsyncGenerator<Uint8Array> {
    for (let n = Math.floor(first / PIECE_BYTES); n * PIECE_BYTES <= last; n++) {
      const from = Math.max(0, first - n * PIECE_BYTES);
      const length = Math.min(PIECE_BYTES, last - n * PIECE_BYTES + 1) - from;
      const [row] = await rows<{ part: Uint8Array }>(
        executor,
        sql`select substr(bytes, ${from + 1}::int, ${length}::int) as part from inbound_pieces
            where tenant = ${tenant} and name = ${name} and n = ${n}`,
      );
      if (row === undefined) return;
      yield row.part;
    }
  }
  return {
    write: async (name, bytes) => {
      let n = 0;
      for await (const piece of inPieces(bytes)) {
        await executor.execute(
          sql`insert into inbound_pieces (tenant, name, n, bytes) values (${tenant}, ${name}, ${n}, ${piece})`,
        );
        n += 1;
      }
    },
    read: async (name, { first, last }) => {
      const found = await rows(
        executor,
        sql`select 1 from inbound_pieces where tenant = ${tenant} and name = ${name} and n = 0`,
      );
      return found.length === 0 ? null : read(name, first, last);
    },
    remove: async (name) => {
      await executor.execute(sql`delete from inbound_pieces where tenant = ${tenant} and name = ${name}`);
    },
  };
};
