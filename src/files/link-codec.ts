import type { Fingerprints } from "../security/fingerprints.ts";
import type { Sealer } from "../security/sealing.ts";

/** A file as a dossier names it. */
export interface NamedSource {
  readonly url: string;
  readonly name: string;
}

/** How links are made, kept and found. */
export interface LinkCodec {
  /** What the portal opens: `{PUBLIC_URL}/portal/downloadfile/{uuid}`. */
  urlOf(uuid: string): string;
  /** The uuid in such an address; null: it is none of ours. */
  uuidIn(url: string): string | null;
  /** The id in the address of an upload (`POST /v1/files`); null: it is none of ours. */
  uploadIn(url: string): string | null;
  uploadUrl(id: string): string;
  newUuid(): string;
  /** By which a link is found. The uuid has 128 random bits: its digest tells nothing of it. */
  digestOf(uuid: string): Promise<string>;
  /** One file of one dossier, as a keyed digest. */
  keyOf(dossierCode: string, url: string): string;
  seal(value: NamedSource | string, id: string): Uint8Array;
  openSource(sealed: Uint8Array, id: string): NamedSource;
  openUuid(sealed: Uint8Array, id: string): string;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;

/** Whether a path's last part can be a link of ours at all. */
export const isUuid = (text: string): boolean => UUID.test(text);

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The codec of one deployment. */
export const createLinkCodec = (
  tenant: string,
  publicUrl: string,
  { sealer, fingerprints }: { readonly sealer: Sealer; readonly fingerprints: Fingerprints },
): LinkCodec => {
  const links = `${publicUrl}/portal/downloadfile/`;
  const uploads = `${publicUrl}/v1/files/`;
  const contextOf = (id: string): string => `file-link:${tenant}:${id}`;
  return {
    urlOf: (uuid) => `${links}${uuid}`,
    uuidIn: (url) => {
      const uuid = url.startsWith(links) ? url.slice(links.length) : "";
      return isUuid(uuid) ? uuid : null;
    },
    uploadUrl: (id) => `${uploads}${id}/content`,
    uploadIn: (url) =>
      url.startsWith(uploads) ? (/^(file_[\da-f]{32})\/content$/u.exec(url.slice(uploads.length))?.[1] ?? null) : null,
    // All 128 bits are random: nothing of a version is in them, and nobody reads one out.
    newUuid: () =>
      hexOf(crypto.getRandomValues(new Uint8Array(16))).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5"),
    digestOf: async (uuid) =>
      hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(uuid)))),
    keyOf: (dossierCode, url) => fingerprints.of(["file-link", dossierCode, url]),
    seal: (value, id) => sealer.seal(JSON.stringify(value), contextOf(id)),
    openSource: (sealed, id) => JSON.parse(sealer.open(sealed, contextOf(id))) as NamedSource,
    openUuid: (sealed, id) => JSON.parse(sealer.open(sealed, contextOf(id))) as string,
  };
};
