import {
  type Adapter,
  type Fault,
  type FileSource,
  type Message,
  type PlatformId,
  TransportError,
} from "../../contracts/adapter.ts";
import type { FieldError } from "../../contracts/errors.ts";
import { FILE_CAUSES, type FileCause, type FileLinkView } from "../../contracts/services/files.ts";
import type { Language } from "../../contracts/text.ts";
import type { Database, Executor } from "../database/database.ts";
import { createFileCipher } from "../security/file-cipher.ts";
import type { Fingerprints } from "../security/fingerprints.ts";
import type { LedgerKeys } from "../security/ledger-keys.ts";
import type { Sealer } from "../security/sealing.ts";
import { adviseFiles } from "./advise-files.ts";
import { checkLinks } from "./check-links.ts";
import type { FetchSource } from "./fetch-source.ts";
import { createFileDesk, type FileDesk } from "./file-desk.ts";
import type { FileSettings } from "./file-settings.ts";
import { createLinkCodec } from "./link-codec.ts";
import { readWarnings } from "./link-row.ts";
import type { ObjectStore } from "./object-store.ts";
import { findLink, type OpenParts, openLink } from "./open-link.ts";
import { createPlaces } from "./places.ts";
import { relaying } from "./relay-adapter.ts";
import { createStoredFiles } from "./stored-files.ts";

/** What the runtime gives: how file servers are asked, and where bytes are kept. */
export interface FileRuntime {
  readonly fetchSource: FetchSource;
  /** Null: this runtime has no place for them. */
  readonly store: ObjectStore | null;
}

/** A runtime that reaches no file server and keeps nothing. */
export const NO_FILES: FileRuntime = {
  fetchSource: () => Promise.reject(new TransportError("connect", false)),
  store: null,
};

/** What the deployment's files are made of. */
export interface FilesParts {
  readonly config: { readonly provinceCode: string; readonly publicUrl: string; readonly files: FileSettings };
  readonly sealer: Sealer;
  readonly fingerprints: Fingerprints;
  readonly keys: LedgerKeys;
  readonly runtime: FileRuntime;
}

/** The files of a deployment: one for all, over whatever database it is given. */
export interface Files {
  desk(database: Database): FileDesk;
  /** The adapter, sending our links in the place of the province's addresses. */
  relay(adapter: Adapter, executor: Executor): Adapter;
  /** The platform that is told of files by our links. */
  readonly platform: PlatformId;
  /** Whether adapters that send bytes get any. */
  readonly readsFiles: boolean;
  /** Pure, at accept: what of a message's files the portal will not be able to open. */
  advise(message: Message): readonly FieldError[];
  /** The id in the address of an upload; null: it is none of ours. */
  readonly uploadIn: (url: string) => string | null;
  /** What is wrong with the files of a dossier, as last looked at. */
  warnings(executor: Executor, dossierCode: string, language: Language): Promise<FileLinkView["warnings"]>;
  /** Looks at files that were just sent. @returns whether there were any */
  check(executor: Executor): Promise<boolean>;
}

const LINKED_PLATFORM: PlatformId = "national-portal";

const LASTING: readonly FileCause[] = ["not_allowed", "not_found", "refused", "forbidden_address", "too_large"];

const faultOf = (cause: FileCause): Fault => ({
  outcome: LASTING.includes(cause) ? "refused" : "transient",
  code: LASTING.includes(cause) ? "invalid_request" : "upstream_unavailable",
  message: `A file of the dossier: ${FILE_CAUSES[cause].en}`,
});

/** Adapters know files by our links alone. */
const fileSource = (executor: Executor, parts: OpenParts): FileSource => ({
  open: async (url) => {
    const missing = (cause: FileCause) => ({ ok: false, fault: faultOf(cause) }) as const;
    const uuid = parts.codec.uuidIn(url);
    const row = uuid === null ? null : await findLink(executor, parts, uuid);
    if (row === null) return missing("not_found");
    const reading = await openLink(executor, parts, row, { range: null, head: false });
    if (!reading.ok) return missing(reading.cause === "unsatisfiable" ? "malformed" : reading.cause);
    const { bytes, total, type, close } = reading.content;
    return { ok: true, value: { bytes, type, close, ...(total !== null && { size: total }) } };
  },
});

/** Puts the files together. */
export const openFiles = (given: FilesParts): Files => {
  const { config, sealer, fingerprints, keys, runtime } = given;
  const { provinceCode: tenant, publicUrl, files: settings } = config;
  const { sources, maxBytes, timeoutMs } = settings;
  const codec = createLinkCodec(tenant, publicUrl, { sealer, fingerprints });
  const stored = runtime.store && createStoredFiles(runtime.store, createFileCipher(keys), tenant);
  const address = { fetchSource: runtime.fetchSource, sources, maxBytes, timeoutMs };
  const parts: OpenParts = { tenant, codec, address, stored };
  const places = createPlaces(settings.relays);
  const all = sources.length > 0;
  return {
    desk: (database) => createFileDesk({ ...parts, database, sealer, places }),
    relay: (adapter, executor) => {
      const files = all ? fileSource(executor, parts) : undefined;
      return adapter.platform === LINKED_PLATFORM
        ? relaying(adapter, executor, { tenant, codec, all, files })
        : adapter;
    },
    platform: LINKED_PLATFORM,
    readsFiles: all,
    advise: (message) => (message.operation === "dossier.put" ? adviseFiles(message.dossier, sources, codec) : []),
    uploadIn: codec.uploadIn,
    warnings: (executor, dossierCode, language) => readWarnings(executor, tenant, dossierCode, language),
    check: (executor) => checkLinks(executor, parts),
  };
};
