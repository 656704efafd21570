import { byteStream } from "./byte-stream.ts";

/** One file of an archive, its text made as it is written. */
export interface ZipFile {
  readonly name: string;
  readonly pieces: AsyncIterable<string> | Iterable<string>;
}

/** What the directory at the end says of a file. */
interface Written {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
  readonly offset: number;
}

const VERSION = 20;
/** Sizes follow the data; the name is UTF-8. */
const FLAGS = 0x08_08;
const DEFLATE = 8;
/** 1 January 1980, the first day that there is: the day of making is in the name of the download. */
const DAY = 0x00_21;

const crcTable = (): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1;
    return value >>> 0;
  });

/** Fields of a record, little-endian: pairs of a number and its bytes (2 or 4). */
const record = (fields: readonly (readonly [value: number, bytes: 2 | 4])[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
};

const localHeader = (name: Uint8Array): Uint8Array =>
  record([
    [0x04_03_4b_50, 4],
    ...([VERSION, FLAGS, DEFLATE, 0, DAY] as const).map((value) => [value, 2] as const),
    ...[0, 0, 0].map((value) => [value, 4] as const),
    [name.length, 2],
    [0, 2],
  ]);

const descriptor = ({ crc, packed, plain }: Written): Uint8Array =>
  record([0x08_07_4b_50, crc, packed, plain].map((value) => [value, 4] as const));

const directoryEntry = ({ name, crc, packed, plain, offset }: Written): Uint8Array =>
  record([
    [0x02_01_4b_50, 4],
    ...([VERSION, VERSION, FLAGS, DEFLATE, 0, DAY] as const).map((value) => [value, 2] as const),
    ...[crc, packed, plain].map((value) => [value, 4] as const),
    ...[name.length, 0, 0, 0, 0].map((value) => [value, 2] as const),
    [0, 4],
    [offset, 4],
  ]);

const directoryEnd = (files: number, size: number, offset: number): Uint8Array =>
  record([
    [0x06_05_4b_50, 4],
    ...[0, 0, files, files].map((value) => [value, 2] as const),
    [size, 4],
    [offset, 4],
    [0, 2],
  ]);

/** The text of a file, packed; `note` is told what went in, once all of it did. */
async function* deflated(
  pieces: ZipFile["pieces"],
  table: Uint32Array,
  note: (sums: { crc: number; plain: number }) => void,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  async function* plain(): AsyncGenerator<Uint8Array> {
    let crc = 0xff_ff_ff_ff;
    let length = 0;
    for await (const piece of pieces) {
      const bytes = encoder.encode(piece);
      for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
      length += bytes.length;
      yield bytes;
    }
    note({ crc: (crc ^ 0xff_ff_ff_ff) >>> 0, plain: length });
  }
  const source = plain();
  const reader = byteStream(source)
    .pipeThrough(new CompressionStream("deflate-raw") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // Does nothing to what was read to its end. Not every runtime hands a reader's leaving on through the packing.
    await reader.cancel().catch(() => undefined);
    await source.return(undefined);
  }
}

/**
 * A ZIP archive as it is made: a file is packed as its text comes, and nothing of it is held. Up to 4 GiB, as all ZIP without
 * its extension for large files.
 */
export async function* zipFiles(files: readonly ZipFile[]): AsyncGenerator<Uint8Array> {
  const table = crcTable();
  const written: Written[] = [];
  let offset = 0;
  for (const { name: text, pieces } of files) {
    const name = new TextEncoder().encode(text);
    const begin = offset;
    const header = localHeader(name);
    yield header;
    yield name;
    let sums = { crc: 0, plain: 0 };
    let packed = 0;
    for await (const piece of deflated(pieces, table, (told) => {
      sums = told;
    })) {
      packed += piece.length;
      yield piece;
    }
    const done: Written = { name, ...sums, packed, offset: begin };
    const end = descriptor(done);
    yield end;
    written.push(done);
    offset = begin + header.length + name.length + packed + end.length;
  }
  let size = 0;
  for (const file of written) {
    const entry = directoryEntry(file);
    yield entry;
    yield file.name;
    size += entry.length + file.name.length;
  }
  yield directoryEnd(written.length, size, offset);
}
