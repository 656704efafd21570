import type { ByteRange } from "./byte-range.ts";

/** Where the bytes of uploaded files lie, whatever they mean. Names are ours: letters, digits, `_`, `-`. */
export interface ObjectStore {
  /** Stores a stream whole or, when it throws or is aborted, not at all. */
  write(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** The bytes of a range; null when there is no such object. */
  read(name: string, range: ByteRange): Promise<AsyncIterable<Uint8Array> | null>;
  /** Removes it, if it is there. */
  remove(name: string): Promise<void>;
}
