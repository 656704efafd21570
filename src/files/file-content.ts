import type { FileCause } from "../../contracts/services/files.ts";
import type { ByteRange, RangeWish } from "./byte-range.ts";

/** What of a file is wanted. */
export interface ContentWish {
  readonly range: RangeWish | null;
  /** The `If-Range` of the asker: the range is given only of this version, else the whole. */
  readonly ifRange?: string | undefined;
  /** Everything but the bytes. */
  readonly head: boolean;
}

/** A file, or a part of it, being read. */
export interface FileContent {
  /** The part; null: the whole. */
  readonly range: ByteRange | null;
  /** Bytes of the whole; null where the source does not say. */
  readonly total: number | null;
  /** With its quotes; null where the source knows no versions. */
  readonly etag: string | null;
  /** By the bytes, never by what the source says. */
  readonly type: string;
  /** Read at most once. Throws when the source breaks off. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Lets go of the source, read or not. Never rejects. */
  close(): Promise<void>;
}

/** What opening gives. `unsatisfiable`: the file has none of the bytes asked for. */
export type ContentReading =
  | { readonly ok: true; readonly content: FileContent }
  | { readonly ok: false; readonly cause: FileCause }
  | { readonly ok: false; readonly cause: "unsatisfiable"; readonly total: number };

/** No bytes. */
export async function* nothing(): AsyncGenerator<Uint8Array> {
  // Nothing to give.
}

/** The bytes `skip` to `skip + length` of a stream; without `length` to its end. */
export async function* slice(
  bytes: AsyncIterable<Uint8Array>,
  skip: number,
  length: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  let toSkip = skip;
  let left = length;
  if (left <= 0) return;
  for await (const part of bytes) {
    const from = Math.min(toSkip, part.length);
    toSkip -= from;
    const given = part.subarray(from, Math.min(part.length, from + left));
    left -= given.length;
    if (given.length > 0) yield given;
    if (left <= 0) return;
  }
}
