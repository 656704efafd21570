import { GatewayError } from "../../contracts/errors.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import { createStoredFiles, type StoredFile, type StoredFiles } from "../files/stored-files.ts";
import type { FileCipher } from "../security/file-cipher.ts";
import type { Sealer } from "../security/sealing.ts";
import { createPieceStore } from "./piece-store.ts";
import type { DecodedFile, StagedFile } from "./prepare-push.ts";

/** What keeping bytes takes. */
export interface KeepingParts {
  readonly tenant: string;
  readonly cipher: FileCipher;
  readonly sealer: Sealer;
  readonly publicUrl: string;
}

/** A file as the event that brought it tells of it. */
export interface EventFile {
  /** From 1. */
  readonly n: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
  /** Opened with the scope `inbox:read`. */
  readonly url: string;
  readonly misnamed?: true;
}

/** A file of an event, as it is opened. */
export interface KeptFile extends StoredFile {
  readonly name: string;
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Stored files over this transaction's connection. */
export const storedIn = (
  executor: Executor,
  { tenant, cipher }: Pick<KeepingParts, "tenant" | "cipher">,
): StoredFiles => createStoredFiles(createPieceStore(executor, tenant), cipher, tenant);

/** The name of an entry's body among the pieces. */
export const bodyName = (entryId: string): string => `body_${entryId}`;

/** Keeps the body of a message as it came. */
export const keepBody = async (
  executor: Executor,
  parts: KeepingParts,
  entryId: string,
  bytes: Uint8Array,
): Promise<void> => {
  await storedIn(executor, parts).keep(bodyName(entryId), whole(bytes));
};

/** A stored file with all its bytes. @throws GatewayError `not_found` when it is kept no more */
export const readWhole = async (
  executor: Executor,
  parts: Pick<KeepingParts, "tenant" | "cipher">,
  file: StoredFile,
): Promise<Uint8Array> => {
  const reading = await storedIn(executor, parts).open(file, { range: null, head: false });
  if (!reading.ok) throw new GatewayError("not_found");
  const pieces: Uint8Array[] = [];
  for await (const piece of reading.content.bytes) pieces.push(piece);
  return Buffer.concat(pieces);
};

/** The body of a message, byte for byte. @throws GatewayError `not_found` when it is kept no more */
export const readBody = (executor: Executor, parts: KeepingParts, entryId: string, size: number): Promise<Uint8Array> =>
  readWhole(executor, parts, { id: bodyName(entryId), size, sha256: "", type: "" });

/** Binds the name of a file to its event. */
export const nameContext = (tenant: string, eventId: string): string => `inbox-file:${tenant}:${eventId}`;

/** Where a file of an event is opened. */
export const urlOf = (publicUrl: string, eventId: string, n: number): string =>
  `${publicUrl}/v1/inbox/${eventId}/files/${n}`;

/** Keeps files of an event, from number `first` on. */
export const keepFiles = async (
  executor: Executor,
  parts: KeepingParts,
  eventId: string,
  files: readonly (DecodedFile | StagedFile)[],
  first = 1,
): Promise<EventFile[]> => {
  const { tenant, sealer, publicUrl } = parts;
  const stored = storedIn(executor, parts);
  const kept: EventFile[] = [];
  for (const file of files) {
    const { name, misnamed } = file;
    const n = kept.length + first;
    const id = "stored" in file ? file.stored : `pushed_${crypto.randomUUID().replaceAll("-", "")}`;
    const { size, sha256, type } = "stored" in file ? file : await stored.keep(id, whole(file.bytes));
    await executor.execute(
      sql`insert into inbox_files (tenant, event_id, n, name, type, size, sha256, stored)
          values (${tenant}, ${eventId}, ${n}, ${sealer.seal(name, nameContext(tenant, eventId))}, ${type}, ${size}, ${sha256}, ${id})`,
    );
    kept.push({ n, name, type, size, sha256, url: urlOf(publicUrl, eventId, n), ...(misnamed && { misnamed }) });
  }
  return kept;
};

/**
 * A file of an event, for who may see the event, or has the dossier that it is about: a department that took on what the
 * portal pushed to the province. Null: there is none for them.
 */
export const findFile = async (
  executor: Executor,
  { tenant, sealer }: KeepingParts,
  boundary: string,
  { eventId, n }: { readonly eventId: string; readonly n: number },
): Promise<KeptFile | null> => {
  const [row] = await rows<{ name: Uint8Array; type: string; size: string; sha256: string; stored: string }>(
    executor,
    sql`select f.name, f.type, f.size, f.sha256, f.stored
        from inbox_files f join inbox_events e on e.tenant = f.tenant and e.id = f.event_id
        where f.tenant = ${tenant} and f.event_id = ${eventId} and f.n = ${n}
          and (${within(sql`e.agency`, boundary)}
               or exists (select 1 from dossiers d where d.tenant = f.tenant and (d.code = e.subject or d.portal_code = e.subject)
                            and ${within(sql`d.agency`, boundary)}))`,
  );
  if (row === undefined) return null;
  const { type, sha256, stored } = row;
  return {
    id: stored,
    size: Number(row.size),
    sha256,
    type,
    name: sealer.open(row.name, nameContext(tenant, eventId)),
  };
};

/** Names looked at in one round of erasing. */
const BATCH = 200;

/**
 * Erases bodies of which retention took the entry's own content, or the entry. Files of events stay: they belong to the inbox.
 *
 * @returns how many.
 */
export const eraseBodies = async (executor: Executor, tenant: string): Promise<number> => {
  const erased = await rows(
    executor,
    sql`with due as (
          select p.name from inbound_pieces p
          where p.tenant = ${tenant} and p.n = 0 and starts_with(p.name, 'body_')
            and not exists (select 1 from entries e where e.tenant = p.tenant and e.id = substr(p.name, 6)::bigint
                              and e.bodies_erased_at is null)
          limit ${BATCH}
        )
        delete from inbound_pieces p using due where p.tenant = ${tenant} and p.name = due.name returning p.name`,
  );
  return erased.length;
};
