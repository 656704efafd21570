import { type Executor, rows, textArray } from "../database/database.ts";
import { sql } from "../database/sql.ts";
import type { LinkCodec, NamedSource } from "./link-codec.ts";

/** A link is looked at again only this long after the last time. */
const CHECK_EVERY = "10 minutes";

interface LinkRow {
  id: string;
  link: Uint8Array;
  source: Uint8Array;
}

/** What links are made with. */
export interface LinkParts {
  readonly tenant: string;
  readonly codec: LinkCodec;
}

/** The links that a dossier has, by the province's own address. What no listed key opens is left out. */
export const readLinks = async (
  executor: Executor,
  { tenant, codec }: LinkParts,
  dossierCode: string,
): Promise<Map<string, { readonly id: string; readonly url: string }>> => {
  const found = await rows<LinkRow>(
    executor,
    sql`select id, link, source from relayed_files where tenant = ${tenant} and dossier_code = ${dossierCode}`,
  );
  const links = new Map<string, { id: string; url: string }>();
  for (const { id, link, source } of found) {
    try {
      links.set(codec.openSource(source, id).url, { id, url: codec.urlOf(codec.openUuid(link, id)) });
    } catch {
      // Made under a key that is gone: the file gets a new link.
    }
  }
  return links;
};

const newId = (): string => `link_${crypto.randomUUID().replaceAll("-", "")}`;

const insertLinks = async (
  executor: Executor,
  { tenant, codec }: LinkParts,
  dossierCode: string,
  files: readonly NamedSource[],
): Promise<void> => {
  const made = await Promise.all(
    files.map(async (file) => {
      const [id, uuid] = [newId(), codec.newUuid()];
      return {
        id,
        link: Buffer.from(codec.seal(uuid, id)).toString("base64"),
        link_digest: await codec.digestOf(uuid),
        source_key: codec.keyOf(dossierCode, file.url),
        source: Buffer.from(codec.seal({ url: file.url, name: file.name }, id)).toString("base64"),
        upload_id: codec.uploadIn(file.url),
      };
    }),
  );
  await executor.execute(
    sql`insert into relayed_files (tenant, id, link, link_digest, dossier_code, agency, source_key, source, upload_id)
        select ${tenant}, v.id, decode(v.link, 'base64'), v.link_digest, d.code, d.agency, v.source_key,
               decode(v.source, 'base64'), v.upload_id
        from jsonb_to_recordset(${JSON.stringify(made)}::text::jsonb)
               as v(id text, link text, link_digest text, source_key text, source text, upload_id text)
        join dossiers d on d.tenant = ${tenant} and d.code = ${dossierCode}
        on conflict (tenant, dossier_code, source_key) do nothing`,
  );
};

/**
 * Links for files of a dossier, by their own address: those there were, and new ones for what had none. Of two who make one at
 * the same moment, both get the first one's. Each will be looked at, unless that was done a moment ago.
 */
export const linkFiles = async (
  executor: Executor,
  parts: LinkParts,
  dossierCode: string,
  files: readonly NamedSource[],
): Promise<ReadonlyMap<string, string>> => {
  let links = await readLinks(executor, parts, dossierCode);
  const wanted = new Map(files.map((file) => [file.url, file]));
  const missing = [...wanted.values()].filter(({ url }) => !links.has(url));
  if (missing.length > 0) {
    await insertLinks(executor, parts, dossierCode, missing);
    links = await readLinks(executor, parts, dossierCode);
  }
  const used = [...links].filter(([url]) => wanted.has(url));
  await executor.execute(
    sql`update relayed_files set check_due_at = now()
        where tenant = ${parts.tenant} and id = any(${textArray(used.map(([, { id }]) => id))}::text[])
          and check_due_at is null and revoked_at is null
          and (checked_at is null or checked_at < now() - ${CHECK_EVERY}::interval)`,
  );
  return new Map(used.map(([url, link]) => [url, link.url]));
};

/**
 * Brings the links of a dossier in line with what the portal has now: those of files that it no longer has, or has as deleted,
 * open no more; those of files that came back open again. What a person took back stays so.
 */
export const alignLinks = async (
  executor: Executor,
  parts: LinkParts,
  dossierCode: string,
  { live, deleted }: { readonly live: ReadonlySet<string>; readonly deleted: ReadonlySet<string> },
): Promise<void> => {
  const links = await readLinks(executor, parts, dossierCode);
  const stateOf = (url: string) => (live.has(url) ? "live" : deleted.has(url) ? "deleted" : "replaced");
  const states = [...links].map(([url, { id }]) => ({ id, state: stateOf(url) }));
  if (states.length === 0) return;
  await executor.execute(
    sql`update relayed_files f
        set revoked_at = case when v.state = 'live' then null else coalesce(f.revoked_at, now()) end,
            revoked_because = nullif(v.state, 'live')
        from jsonb_to_recordset(${JSON.stringify(states)}::text::jsonb) as v(id text, state text)
        where f.tenant = ${parts.tenant} and f.id = v.id and f.revoked_because is distinct from 'person'
          and f.revoked_because is distinct from nullif(v.state, 'live')`,
  );
};
