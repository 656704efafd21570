import { type Executor, rows } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { ContentReading, ContentWish } from "./file-content.ts";
import type { LinkCodec } from "./link-codec.ts";
import { LINK_COLUMNS, type LinkRow } from "./link-row.ts";
import { type AddressParts, openAddress } from "./open-address.ts";
import type { StoredFiles } from "./stored-files.ts";
import { readLinkedUpload, storedOf } from "./upload-row.ts";

/** What links are opened with. */
export interface OpenParts {
  readonly tenant: string;
  readonly codec: LinkCodec;
  readonly address: AddressParts;
  /** Null: nothing can be kept in this deployment. */
  readonly stored: StoredFiles | null;
}

/** The link of a uuid; null: there is none. */
export const findLink = async (
  executor: Executor,
  { tenant, codec }: OpenParts,
  uuid: string,
): Promise<LinkRow | null> => {
  const [row] = await rows<LinkRow>(
    executor,
    sql`select ${LINK_COLUMNS} from relayed_files where tenant = ${tenant} and link_digest = ${await codec.digestOf(uuid)}`,
  );
  return row ?? null;
};

/** Opens what is behind a link, revoked or not: from the province's server, or from the store. */
export const openLink = async (
  executor: Executor,
  parts: OpenParts,
  row: LinkRow,
  wish: ContentWish,
): Promise<ContentReading> => {
  const { tenant, codec, stored } = parts;
  if (row.upload_id === null) return openAddress(codec.openSource(row.source, row.id).url, wish, parts.address);
  const upload = await readLinkedUpload(executor, tenant, row.agency, row.upload_id);
  if (upload === null || upload.deleted_at !== null || stored === null) return { ok: false, cause: "not_found" };
  return stored.open(storedOf(upload), wish);
};
