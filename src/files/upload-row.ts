import type { Boundary } from "../../contracts/ledger.ts";
import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import { within } from "../database/within-boundary.ts";
import type { StoredFile } from "./stored-files.ts";

/** An upload as it is stored. */
export interface UploadRow {
  readonly id: string;
  readonly agency: string;
  readonly name: Uint8Array;
  readonly type: string;
  readonly size: string;
  readonly sha256: string;
  readonly deleted_at: string | null;
}

/** An upload about to be recorded; its bytes are in the store already. */
export interface NewUpload extends StoredFile {
  readonly agency: string;
  readonly client: string;
  readonly name: Uint8Array;
  /** The access by which it was fetched from the national store of papers; absent: the software sent it. */
  readonly accessId?: string | undefined;
}

const COLUMNS = sql`id, agency, name, type, size, sha256, deleted_at`;

/** Records an upload. */
export const insertUpload = async (executor: Executor, tenant: string, upload: NewUpload): Promise<UploadRow> => {
  const { id, agency, client, name, type, size, sha256, accessId = null } = upload;
  const [row] = await rows<UploadRow>(
    executor,
    sql`insert into uploaded_files (tenant, id, agency, client, name, type, size, sha256, access_id)
        values (${tenant}, ${id}, ${agency}, ${client}, ${name}, ${type}, ${size}, ${sha256}, ${accessId}) returning ${COLUMNS}`,
  );
  if (row === undefined) throw new Error("the upload was not recorded");
  return row;
};

/** One upload within the boundary, deleted or not. */
export const readUpload = async (
  executor: Executor,
  tenant: string,
  boundary: Boundary,
  id: string,
): Promise<UploadRow | null> => {
  const [row] = await rows<UploadRow>(
    executor,
    sql`select ${COLUMNS} from uploaded_files where tenant = ${tenant} and id = ${id} and ${within(sql`agency`, boundary)}`,
  );
  return row ?? null;
};

/**
 * The upload behind a link, if one of the two agencies stands above the other: who guesses another's id gets nothing by
 * writing it into a dossier of its own.
 */
export const readLinkedUpload = async (
  executor: Executor,
  tenant: string,
  agency: string,
  id: string,
): Promise<UploadRow | null> => {
  const [row] = await rows<UploadRow>(
    executor,
    sql`select ${COLUMNS} from uploaded_files where tenant = ${tenant} and id = ${id}
          and (agency = ${agency} or starts_with(agency, ${`${agency}.`}) or starts_with(${agency}, agency || '.'))`,
  );
  return row ?? null;
};

/** Marks an upload as deleted and closes its links. False: somebody did so before. */
export const deleteUpload = async (executor: Executor, tenant: string, id: string): Promise<boolean> => {
  const [row] = await rows<{ id: string }>(
    executor,
    sql`with gone as (
          update uploaded_files set deleted_at = now() where tenant = ${tenant} and id = ${id} and deleted_at is null returning id
        ),
        closed as (
          update relayed_files f set revoked_at = coalesce(f.revoked_at, now()), revoked_because = 'person'
          from gone where f.tenant = ${tenant} and f.upload_id = gone.id
        )
        select id from gone`,
  );
  return row !== undefined;
};

/** The upload as the store knows it. */
export const storedOf = ({ id, size, sha256, type }: UploadRow): StoredFile => ({
  id,
  size: Number(size),
  sha256,
  type,
});
