import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { GatewayError } from "../../contracts/errors.ts";
import type { LedgerKey, LedgerKeys } from "./ledger-keys.ts";

/** Plain bytes in a chunk: a range costs at most two chunks more than it has. */
export const CHUNK_BYTES = 64 * 1024;

const CIPHER = "aes-256-gcm";
const VERSION = 1;
const TAG_BYTES = 16;
const SALT_BYTES = 32;
/** Version, length of the key id, key id in a field of fixed length, salt: every file's chunks begin at the same place. */
const KEY_ID_BYTES = 32;

/** Where the first chunk begins, in bytes. */
export const HEADER_BYTES = 2 + KEY_ID_BYTES + SALT_BYTES;

/** What is known of a file once all of it was encrypted. */
export interface FileSums {
  /** Plain bytes. */
  readonly size: number;
  /** Lower-case hexadecimal SHA-256 of the plain bytes. */
  readonly sha256: string;
}

/**
 * Encrypts files in chunks, so that any part can be read without what comes before it. Layout: header, then chunks of
 * ciphertext and tag. Every file has a key of its own (HKDF over the ledger's key and a random salt), so the chunk's number
 * serves as nonce; number and "last" are authenticated: chunks cannot be swapped, cut off or moved to another file.
 */
export interface FileCipher {
  /** Encrypts a stream; `done` is told the sums before the last chunk is given. */
  seal(plain: AsyncIterable<Uint8Array>, context: string, done: (sums: FileSums) => void): AsyncGenerator<Uint8Array>;
  /** Opens chunks `first` onward, of a file of `size` plain bytes, from its header and a stream that begins at that chunk. */
  open(
    header: Uint8Array,
    sealed: AsyncIterable<Uint8Array>,
    place: { readonly first: number; readonly size: number; readonly context: string },
  ): AsyncGenerator<Uint8Array>;
}

/** Where a chunk begins in the sealed file. */
export const chunkStart = (chunk: number): number => HEADER_BYTES + chunk * (CHUNK_BYTES + TAG_BYTES);

/** Bytes of the sealed form of a file. */
export const sealedSize = (size: number): number => HEADER_BYTES + size + chunkCount(size) * TAG_BYTES;

const chunkCount = (size: number): number => Math.max(1, Math.ceil(size / CHUNK_BYTES));

const fileKey = (key: LedgerKey, header: Uint8Array): Buffer =>
  Buffer.from(
    hkdfSync("sha256", key.encryption.export(), header.subarray(-SALT_BYTES), "lien-thong-gateway/file/v1", 32),
  );

const newHeader = ({ kid }: LedgerKey): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = VERSION;
  header[1] = kid.length;
  header.write(kid, 2, "latin1");
  randomBytes(SALT_BYTES).copy(header, HEADER_BYTES - SALT_BYTES);
  return header;
};

const nonceOf = (chunk: number): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(chunk, 6, 6);
  return nonce;
};

const bound = (header: Uint8Array, context: string, last: boolean): Buffer =>
  Buffer.concat([header, Buffer.from([last ? 1 : 0]), Buffer.from(context, "utf8")]);

const unopened = (why: string, cause?: unknown): GatewayError =>
  new GatewayError("internal", { cause: new Error(`stored file: ${why}`, { cause }) });

/** Cuts a stream into pieces of `length` bytes; the last one may be shorter. An empty stream gives one empty piece. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  let given = 0;
  for await (const part of bytes) {
    held.push(part);
    size += part.length;
    if (size < length) continue;
    let whole = Buffer.concat(held, size);
    for (; whole.length >= length; whole = whole.subarray(length), given += 1) yield whole.subarray(0, length);
    held = [whole];
    size = whole.length;
  }
  if (size > 0 || given === 0) yield Buffer.concat(held, size);
}

/** A cipher for files over the ledger's keys: the newest encrypts, every one of them opens. */
export const createFileCipher = (keys: LedgerKeys): FileCipher => {
  async function* seal(
    plain: AsyncIterable<Uint8Array>,
    context: string,
    done: (sums: FileSums) => void,
  ): AsyncGenerator<Uint8Array> {
    const header = newHeader(keys.newest);
    const key = fileKey(keys.newest, header);
    const hash = createHash("sha256");
    let size = 0;
    let chunk = 0;
    const sealed = (piece: Buffer, last: boolean): Buffer => {
      const cipher = createCipheriv(CIPHER, key, nonceOf(chunk), { authTagLength: TAG_BYTES });
      cipher.setAAD(bound(header, context, last));
      chunk += 1;
      return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
    };
    yield header;
    let waiting: Buffer | undefined;
    for await (const piece of inPieces(plain, CHUNK_BYTES)) {
      if (waiting !== undefined) yield sealed(waiting, false);
      hash.update(piece);
      size += piece.length;
      waiting = piece;
    }
    done({ size, sha256: hash.digest("hex") });
    yield sealed(waiting ?? Buffer.alloc(0), true);
  }

  async function* open(
    header: Uint8Array,
    sealed: AsyncIterable<Uint8Array>,
    { first, size, context }: { readonly first: number; readonly size: number; readonly context: string },
  ): AsyncGenerator<Uint8Array> {
    const kid = Buffer.from(header).toString("latin1", 2, 2 + Math.min(header[1] ?? 0, KEY_ID_BYTES));
    const known = keys.all.find((each) => each.kid === kid);
    if (header.length !== HEADER_BYTES || header[0] !== VERSION) throw unopened("its header cannot be read");
    if (known === undefined) throw unopened("made with a key that LEDGER_KEYS does not list");
    const key = fileKey(known, header);
    const lastChunk = chunkCount(size) - 1;
    let chunk = first;
    for await (const piece of inPieces(sealed, CHUNK_BYTES + TAG_BYTES)) {
      const end = piece.length - TAG_BYTES;
      if (end < 0) throw unopened("cut short");
      const decipher = createDecipheriv(CIPHER, key, nonceOf(chunk), { authTagLength: TAG_BYTES });
      decipher.setAAD(bound(header, context, chunk === lastChunk));
      decipher.setAuthTag(piece.subarray(end));
      const plain = decipher.update(piece.subarray(0, end));
      try {
        decipher.final();
      } catch (cause) {
        throw unopened("changed since it was stored, or stored for another place", cause);
      }
      yield plain;
      chunk += 1;
    }
  }
  return { seal, open };
};
