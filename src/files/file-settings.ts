import type { SettingsReader } from "../settings-reader.ts";
import { type FileSourcePrefix, parseFileSources } from "./file-sources.ts";

/** Where uploaded files are kept: a folder, or a bucket of an S3-compatible store. */
export type FileStorePlace =
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "bucket";
      /** Address of the bucket, without a slash at its end. */
      readonly endpoint: string;
      readonly region: string;
      readonly accessKey: string;
      readonly secretKey: string;
    };

/** The settings of files (design section 8). */
export interface FileSettings {
  /** `FILE_SOURCES`; empty: addresses go to the portal as they were given. */
  readonly sources: readonly FileSourcePrefix[];
  /** `FILE_MAX_BYTES`: no larger file is taken or relayed. */
  readonly maxBytes: number;
  /** `FILE_RELAYS`: files served at once, in each process. */
  readonly relays: number;
  /** `FILE_TIMEOUT_MS`: how long a file server may be silent. */
  readonly timeoutMs: number;
  readonly store: FileStorePlace;
}

const MEBIBYTE = 1024 * 1024;

/** `s3://bucket/prefix`, with the store's own address in `FILE_STORE_ENDPOINT`. */
const readBucket = (reader: SettingsReader, url: URL): FileStorePlace => {
  const endpoint = (reader.address("FILE_STORE_ENDPOINT") ?? "").replace(/\/$/u, "");
  const meaning = "FILE_STORE_URL names a bucket";
  if (endpoint === "") reader.fault(`FILE_STORE_ENDPOINT is missing: ${meaning}`);
  return {
    kind: "bucket",
    endpoint: `${endpoint}/${url.host}${url.pathname.replace(/\/$/u, "")}`,
    region: reader.text("FILE_STORE_REGION") ?? "auto",
    accessKey: reader.required("FILE_STORE_ACCESS_KEY", meaning),
    secretKey: reader.required("FILE_STORE_SECRET_KEY", meaning),
  };
};

const readStore = (reader: SettingsReader, dataDir: string): FileStorePlace => {
  const text = reader.text("FILE_STORE_URL");
  if (text === undefined) return { kind: "folder", path: `${dataDir}/files` };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "file:" && url.host === "") return { kind: "folder", path: decodeURIComponent(url.pathname) };
  const isBucket = url?.protocol === "s3:" && /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/u.test(url.host);
  if (url !== undefined && isBucket && url.search === "") return readBucket(reader, url);
  reader.fault("FILE_STORE_URL is neither file:///folder nor s3://bucket/prefix");
  return { kind: "folder", path: `${dataDir}/files` };
};

/** Reads the settings of files; faults go to the reader. */
export const readFileSettings = (reader: SettingsReader, dataDir: string): FileSettings => {
  const sources = reader.text("FILE_SOURCES");
  return {
    sources: (sources !== undefined && reader.take(parseFileSources(sources))) || [],
    maxBytes: reader.integer("FILE_MAX_BYTES", 100 * MEBIBYTE, 1, 2048 * MEBIBYTE),
    relays: reader.integer("FILE_RELAYS", 32, 1, 1000),
    timeoutMs: reader.integer("FILE_TIMEOUT_MS", 15_000, 100, 600_000),
    store: readStore(reader, dataDir),
  };
};
