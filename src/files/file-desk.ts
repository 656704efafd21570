import { GatewayError } from "../../contracts/errors.ts";
import type { Boundary } from "../../contracts/ledger.ts";
import { FILE_CAUSES, type FileCause, type FileLinkView, type UploadedFile } from "../../contracts/services/files.ts";
import type { Language } from "../../contracts/text.ts";
import type { Database, Executor } from "../database/database.ts";
import { type Actor, evidenceContext } from "../ledger/ledger-desk.ts";
import { recordAct } from "../security/audit.ts";
import type { Sealer } from "../security/sealing.ts";
import { type ContentReading, type ContentWish, nothing } from "./file-content.ts";
import { limitedBytes, limitedPieces, tooLarge } from "./limit-bytes.ts";
import { type LinkFilter, type LinkPosition, type LinkRow, linkView, listLinks, readLink } from "./link-row.ts";
import { type FileRead, noteRead } from "./note-read.ts";
import { findLink, type OpenParts, openLink } from "./open-link.ts";
import { revokeLink } from "./revoke-link.ts";
import { deleteUpload, insertUpload, type NewUpload, readUpload, storedOf, type UploadRow } from "./upload-row.ts";

/** A file opened for an asker: what is audited, how it is called, and what of it there is. */
export interface OpenedForReading {
  readonly fileId: string;
  readonly name: string;
  readonly reading: Exclude<ContentReading, { cause: FileCause }>;
}

/** Whose an upload is. */
type FileOwner = Pick<NewUpload, "client" | "agency" | "accessId">;

/** An upload that lies in the store, to be recorded in the caller's transaction. */
export interface KeptUpload {
  readonly sha256: string;
  /** @param owner with the access by which it was fetched from the national store of papers, if it was */
  record(executor: Executor, owner: FileOwner, actor: Actor): Promise<UploadedFile>;
  /** Forgets the bytes: nothing was recorded. */
  drop(): Promise<void>;
}

/** What is done with files (api sections 3 and 7). */
export interface FileDesk {
  /** Before a body is read: whether one of this length can be kept. @throws GatewayError `not_configured`, `payload_too_large` */
  admit(announced: number): void;
  /** Keeps a body. @throws GatewayError `not_configured`, `payload_too_large`, `invalid_request` */
  keep(name: string, body: ReadableStream<Uint8Array> | null): Promise<KeptUpload>;
  /** Keeps what a platform sends. @throws the same, and what the pieces throw */
  keepPieces(name: string, pieces: AsyncIterable<Uint8Array>): Promise<KeptUpload>;
  list(
    boundary: Boundary,
    filter: LinkFilter,
    page: { limit: number; after?: LinkPosition | undefined },
    language: Language,
  ): Promise<{ items: FileLinkView[]; next: LinkPosition | null }>;
  /** @throws GatewayError `not_found`, `gone` for a deleted upload */
  read(boundary: Boundary, id: string, language: Language): Promise<UploadedFile | FileLinkView>;
  /** Takes a link back, or deletes an upload with its links. The caller has looked whose it is. */
  remove(executor: Executor, boundary: Boundary, id: string, actor: Actor, language: Language): Promise<unknown>;
  /** Told after the commit of `remove`. */
  removed(id: string): Promise<void>;
  /** Opens what the portal asks for; every ending is audited. @throws GatewayError */
  openByUuid(uuid: string, wish: ContentWish, asker: Asker): Promise<OpenedForReading>;
  /** Opens an upload for its owner. @throws GatewayError */
  openUpload(boundary: Boundary, id: string, wish: ContentWish): Promise<OpenedForReading>;
  /** The address under which an upload may stand in a dossier. */
  uploadUrl(id: string): string;
  /** A place among the files served at once, or null: there is none left. */
  takePlace(): (() => void) | null;
  note(read: FileRead): Promise<void>;
}

/** Who asks, for the audit. */
export type Asker = Pick<FileRead, "asker" | "correlationId">;

/** What the desk is made of. */
export interface FileDeskParts extends OpenParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly places: { take(): (() => void) | null };
}

const CODES: Readonly<Record<FileCause, ConstructorParameters<typeof GatewayError>[0]>> = {
  not_allowed: "not_found",
  not_found: "not_found",
  refused: "not_found",
  redirected: "upstream_malformed",
  forbidden_address: "not_found",
  unreachable: "upstream_unavailable",
  timeout: "upstream_timeout",
  too_large: "upstream_malformed",
  upstream_error: "upstream_unavailable",
  malformed: "upstream_malformed",
};

const faultOf = (cause: FileCause): GatewayError =>
  new GatewayError(CODES[cause], {
    detail: FILE_CAUSES[cause],
    ...(CODES[cause] === "upstream_unavailable" && { retryAfterSeconds: 30 }),
  });

const gone = (): GatewayError =>
  new GatewayError("gone", {
    detail: { vi: "Tệp này đã được thu hồi hoặc thay thế.", en: "This file was taken back or replaced." },
  });

const notConfigured = (): GatewayError =>
  new GatewayError("not_configured", {
    detail: { vi: "Chưa khai báo kho tệp (FILE_STORE_URL).", en: "No file store is configured (FILE_STORE_URL)." },
    retryAfterSeconds: 60,
  });

const newId = (): string => `file_${crypto.randomUUID().replaceAll("-", "")}`;

/** The desk over one database. */
export const createFileDesk = (parts: FileDeskParts): FileDesk => {
  const { database, tenant, sealer, codec, stored, address, places } = parts;
  const open = (sealed: Uint8Array, id: string) => {
    try {
      return codec.openSource(sealed, id);
    } catch {
      return null;
    }
  };
  const nameContext = evidenceContext(tenant);
  const uploadView = (row: UploadRow): UploadedFile => {
    const { id, size, sha256, type } = storedOf(row);
    return { id, url: codec.uploadUrl(id), size, sha256, type, name: sealer.open(row.name, nameContext) };
  };
  const note = (read: FileRead) => noteRead(database, tenant, read);
  const found = async (boundary: Boundary, id: string): Promise<UploadRow | LinkRow> => {
    const isUpload = /^file_[\da-f]{32}$/u.test(id);
    if (!isUpload && !/^link_[\da-f]{32}$/u.test(id)) throw new GatewayError("not_found");
    const row = await (isUpload ? readUpload : readLink)(database, tenant, boundary, id);
    if (row === null) throw new GatewayError("not_found");
    if ("deleted_at" in row && row.deleted_at !== null) throw gone();
    return row;
  };
  const keepPlain = async (name: string, plain: AsyncIterable<Uint8Array>): Promise<KeptUpload> => {
    if (stored === null) throw notConfigured();
    const id = newId();
    const drop = () => stored.remove(id);
    const kept = await stored.keep(id, plain);
    if (kept.size === 0) {
      await drop();
      throw empty();
    }
    return {
      sha256: kept.sha256,
      drop,
      record: async (executor, owner, actor) => {
        const file = { id, ...owner, ...kept, name: sealer.seal(name, nameContext) };
        const row = await insertUpload(executor, tenant, file);
        await recordAct(executor, tenant, { ...actor, action: "file.upload", subject: id });
        return uploadView(row);
      },
    };
  };
  const view = (row: UploadRow | LinkRow, language: Language) =>
    "sha256" in row ? uploadView(row) : linkView(row, language, open);
  return {
    note,
    takePlace: places.take,
    uploadUrl: codec.uploadUrl,
    admit: (announced) => {
      if (stored === null) throw notConfigured();
      if (announced > address.maxBytes) throw tooLarge(address.maxBytes);
    },
    keep: async (name, body) => {
      if (stored !== null && body === null) throw empty();
      return keepPlain(name, body === null ? nothing() : limitedBytes(body, address.maxBytes));
    },
    keepPieces: (name, pieces) => keepPlain(name, limitedPieces(pieces, address.maxBytes)),
    list: async (boundary, filter, { limit, after }, language) => {
      const rows = await listLinks(database, tenant, boundary, filter, { limit, after });
      const items = rows.slice(0, limit);
      const last = rows.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map((row) => linkView(row, language, open)),
        next: last === undefined ? null : { createdAt: last.created_at, id: last.id },
      };
    },
    read: async (boundary, id, language) => view(await found(boundary, id), language),
    remove: async (executor, boundary, id, actor, language) => {
      const row = await found(boundary, id);
      const isUpload = "sha256" in row;
      const changed = isUpload ? await deleteUpload(executor, tenant, id) : await revokeLink(executor, tenant, id);
      await recordAct(executor, tenant, { ...actor, action: isUpload ? "file.delete" : "file.revoke", subject: id });
      if (isUpload) {
        if (!changed) throw gone();
        return uploadView(row);
      }
      return linkView((await readLink(executor, tenant, boundary, id)) ?? row, language, open);
    },
    removed: async (id) => {
      if (id.startsWith("file_")) await stored?.remove(id);
    },
    openByUuid: async (uuid, wish, asker) => {
      const row = await findLink(database, parts, uuid);
      if (row === null) throw new GatewayError("not_found");
      const end = async (outcome: string, error: GatewayError): Promise<never> => {
        await note({ ...asker, fileId: row.id, outcome, bytes: null });
        throw error;
      };
      if (row.revoked_at !== null) return end("gone", gone());
      const reading = await openLink(database, parts, row, wish);
      if (!reading.ok && reading.cause !== "unsatisfiable") return end(reading.cause, faultOf(reading.cause));
      return { fileId: row.id, name: open(row.source, row.id)?.name ?? "", reading };
    },
    openUpload: async (boundary, id, wish) => {
      const row = await found(boundary, id);
      if (!("sha256" in row) || stored === null) throw new GatewayError("not_found");
      const reading = await stored.open(storedOf(row), wish);
      if (!reading.ok && reading.cause !== "unsatisfiable") throw faultOf(reading.cause);
      return { fileId: id, name: uploadView(row).name, reading };
    },
  };
};

const empty = (): GatewayError =>
  new GatewayError("invalid_request", {
    detail: { vi: "Tệp rỗng.", en: "The file is empty." },
  });
