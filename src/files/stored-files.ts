import {
  CHUNK_BYTES,
  chunkStart,
  type FileCipher,
  type FileSums,
  HEADER_BYTES,
  sealedSize,
} from "../security/file-cipher.ts";
import { resolveRange } from "./byte-range.ts";
import { type ContentReading, type ContentWish, nothing, slice } from "./file-content.ts";
import type { ObjectStore } from "./object-store.ts";
import { SNIFFED_BYTES, sniffType } from "./sniff-type.ts";

/** A file in the store, as its row describes it. */
export interface StoredFile {
  readonly id: string;
  readonly size: number;
  readonly sha256: string;
  readonly type: string;
}

/** Where uploaded files are kept, and how. */
export interface StoredFiles {
  /** Keeps a stream; nothing of it stays when this throws. The limit is the caller's: a stream that is too long throws. */
  keep(id: string, plain: AsyncIterable<Uint8Array>): Promise<FileSums & { readonly type: string }>;
  open(file: StoredFile, wish: ContentWish): Promise<ContentReading>;
  remove(id: string): Promise<void>;
}

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
};

/** Files in a store, encrypted under the ledger's keys and bound to the deployment and their id. */
export const createStoredFiles = (store: ObjectStore, cipher: FileCipher, tenant: string): StoredFiles => {
  const contextOf = (id: string): string => `file:${tenant}:${id}`;

  /** Plain bytes `first` to `last` of a file: whole chunks are read, and what is too much is cut off. */
  async function* plainBytes({ id, size }: StoredFile, first: number, last: number): AsyncGenerator<Uint8Array> {
    const header = await store.read(id, { first: 0, last: HEADER_BYTES - 1 });
    const chunk = Math.floor(first / CHUNK_BYTES);
    const end = Math.min(chunkStart(Math.floor(last / CHUNK_BYTES) + 1), sealedSize(size)) - 1;
    const sealed = await store.read(id, { first: chunkStart(chunk), last: end });
    if (header === null || sealed === null) throw new Error("the stored file is not there");
    const place = { first: chunk, size, context: contextOf(id) };
    yield* slice(cipher.open(await collect(header), sealed, place), first - chunk * CHUNK_BYTES, last - first + 1);
  }

  const isThere = async (id: string): Promise<boolean> => {
    const found = await store.read(id, { first: 0, last: 0 });
    if (found === null) return false;
    await collect(found);
    return true;
  };

  return {
    keep: async (id, plain) => {
      let sums: FileSums | undefined;
      let head = new Uint8Array();
      async function* watched(): AsyncGenerator<Uint8Array> {
        for await (const part of plain) {
          if (head.length < SNIFFED_BYTES) head = Buffer.concat([head, part.subarray(0, SNIFFED_BYTES)]);
          yield part;
        }
      }
      await store.write(
        id,
        cipher.seal(watched(), contextOf(id), (told) => {
          sums = told;
        }),
      );
      if (sums === undefined) throw new Error("the store did not read the file to its end");
      return { ...sums, type: sniffType(head.subarray(0, SNIFFED_BYTES)) };
    },
    open: async (file, wish) => {
      const { size, sha256, type } = file;
      const etag = `"${sha256}"`;
      const asked = wish.ifRange === undefined || wish.ifRange === etag ? wish.range : null;
      const range = asked === null || wish.head ? null : resolveRange(asked, size);
      if (asked !== null && !wish.head && range === null) return { ok: false, cause: "unsatisfiable", total: size };
      if (!(await isThere(file.id))) return { ok: false, cause: "not_found" };
      const { first, last } = range ?? { first: 0, last: size - 1 };
      const bytes = wish.head || size === 0 ? nothing() : plainBytes(file, first, last);
      return { ok: true, content: { range, total: size, etag, type, bytes, close: async () => undefined } };
    },
    remove: (id) => store.remove(id),
  };
};
