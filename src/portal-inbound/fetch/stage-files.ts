import type { CallContext, Fault, Reading } from "../../../contracts/adapter.ts";
import type { KeepBytes } from "../../../contracts/fetching.ts";
import type { PushedDossier, RemoteFile } from "../../../contracts/portal-inbound.ts";
import { type Executor, rows, textArray } from "../../database/database.ts";
import { sql } from "../../database/sql.ts";
import { isMisnamed } from "../../files/sniff-type.ts";
import { storedIn } from "../keep-files.ts";
import type { MissingFile, StagedFile } from "../prepare-push.ts";
import { renewFetch } from "./claim-fetch.ts";
import type { Asked, FetchParts } from "./fetch-parts.ts";

/** The files of a dossier that lie ready, and those that cannot be had; or why it has to wait. */
export type Staging =
  | { readonly kind: "ready"; readonly files: readonly StagedFile[]; readonly missing: readonly MissingFile[] }
  | { readonly kind: "held"; readonly held: string }
  | { readonly kind: "failed"; readonly fault: Fault }
  | { readonly kind: "lost" };

class TooLarge extends Error {}

async function* limited(bytes: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > most) throw new TooLarge();
    yield part;
  }
}

/** Erases files on their way. Never one that an event has. */
export const eraseStaged = async (executor: Executor, tenant: string, stored: readonly string[]): Promise<void> => {
  if (stored.length === 0) return;
  await executor.execute(
    sql`with gone as (
          delete from portal_fetched_files where tenant = ${tenant} and stored = any(${textArray(stored)}::text[]) returning stored
        )
        delete from inbound_pieces p using gone where p.tenant = ${tenant} and p.name = gone.stored`,
  );
};

/** Lets the caller's transaction keep these files. @returns false: they were erased meanwhile */
export const adoptStaged = async (
  executor: Executor,
  tenant: string,
  files: readonly StagedFile[],
): Promise<boolean> => {
  const stored = files.map((file) => file.stored);
  const adopted = await rows(
    executor,
    sql`delete from portal_fetched_files where tenant = ${tenant} and stored = any(${textArray(stored)}::text[]) returning 1`,
  );
  return adopted.length === stored.length;
};

/** Hours after which nobody works at a file that is on its way: its process died. */
const LEFT_HOURS = 24;

/** Erases what processes that died left of files. @returns how many files */
export const eraseLeftFiles = async (executor: Executor, tenant: string): Promise<number> => {
  const left = await rows<{ stored: string }>(
    executor,
    sql`select stored from portal_fetched_files
        where tenant = ${tenant} and begun_at < now() - make_interval(hours => ${LEFT_HOURS}) limit 50`,
  );
  await eraseStaged(
    executor,
    tenant,
    left.map(({ stored }) => stored),
  );
  return left.length;
};

/** Downloads one file into the store, encrypted, under a name that nobody else uses. */
export const stageOne = async (
  parts: FetchParts,
  name: string,
  download: (keep: KeepBytes, call: CallContext) => Promise<Reading<null>>,
): Promise<{ readonly asked: Asked<null>; readonly file: StagedFile | null }> => {
  const { database, inbound, ask, mostFileBytes } = parts;
  const { tenant } = inbound;
  const stored = `fetched_${crypto.randomUUID().replaceAll("-", "")}`;
  const files = storedIn(database, inbound);
  await database.execute(sql`insert into portal_fetched_files (tenant, stored) values (${tenant}, ${stored})`);
  let sums: Awaited<ReturnType<typeof files.keep>> | undefined;
  const keep: KeepBytes = async (bytes) => {
    // A session that died is renewed and the file asked for anew: what came of it before is void.
    await files.remove(stored);
    try {
      sums = await files.keep(stored, limited(bytes, mostFileBytes));
      return true;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      return false;
    }
  };
  const asked = await ask((call) => download(keep, call));
  if (asked.held === null && asked.reading.ok && sums !== undefined) {
    return { asked, file: { ...sums, name, stored, misnamed: isMisnamed(name, sums.type) } satisfies StagedFile };
  }
  await eraseStaged(database, tenant, [stored]);
  return { asked, file: null };
};

const NO_FILES: Fault = { outcome: "refused", code: "not_configured", message: "The profile has no files" };

const downloader =
  ({ fetching: { dossiers } }: FetchParts, code: string, { id }: RemoteFile) =>
  async (keep: KeepBytes, call: CallContext): Promise<Reading<null>> =>
    dossiers === undefined ? { ok: false, fault: NO_FILES } : dossiers.download({ code, id }, keep, call);

/** Tries after which a file is told as missing, with its cause: the dossier is worth more than one of its files. */
export const MOST_TRIES = 8;

/**
 * Downloads the files of a dossier one by one. One that the platform refuses to give is missing; one that it fails to give makes
 * the dossier wait, until enough tries were made.
 */
export const stageFiles = async (
  parts: FetchParts,
  { code, remoteFiles = [] }: PushedDossier,
  { fence, tries }: { readonly fence: string; readonly tries: number },
): Promise<Staging> => {
  const { database, inbound } = parts;
  const files: StagedFile[] = [];
  const missing: MissingFile[] = [];
  const giveUp = async (staging: Staging): Promise<Staging> => {
    await eraseStaged(
      database,
      inbound.tenant,
      files.map(({ stored }) => stored),
    );
    return staging;
  };
  for (const remote of remoteFiles) {
    if (!(await renewFetch(database, inbound.tenant, fence))) return giveUp({ kind: "lost" });
    const { asked, file } = await stageOne(parts, remote.name, downloader(parts, code, remote));
    if (asked.held !== null) return giveUp({ kind: "held", held: asked.held });
    if (file !== null) files.push(file);
    if (asked.reading.ok) continue;
    const { fault } = asked.reading;
    if (fault.outcome !== "refused" && tries + 1 < MOST_TRIES) return giveUp({ kind: "failed", fault });
    missing.push({ name: remote.name, portalId: remote.id, code: fault.code });
  }
  return { kind: "ready", files, missing };
};
