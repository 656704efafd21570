import type { PlatformCache } from "../../../../contracts/adapter.ts";
import type { UploadedFile } from "../../../../contracts/platforms/national-portal/connector-v1.ts";
import { isObject } from "../../faults.ts";

/** A file uploaded before, by the digest of its address: another address is another file. */
export interface RememberedFile extends UploadedFile {
  readonly of: string;
}

/**
 * What was learnt of one dossier at the portal and cannot be asked for again: the number it was given, the portal's id of
 * it, and its uploaded files, so that a second try neither takes another number nor uploads again.
 */
export interface Remembered {
  readonly maHoSo?: string;
  readonly idHoSo?: string;
  readonly files: readonly RememberedFile[];
}

/** The key of a dossier in the platform's cache. */
export const rememberedKey = (dossierCode: string): string => `connector:${dossierCode}`;

const NOTHING: Remembered = { files: [] };
const isText = (value: unknown): value is string => typeof value === "string";

const isFile = (value: unknown): value is RememberedFile =>
  isObject(value) && [value["of"], value["IdTepTin"], value["HashTepTin"]].every(isText);

/** Reads what is remembered; what was stored otherwise counts as nothing. Entries of one dossier run one at a time. */
export const recall = async (dossierCode: string, cache: PlatformCache): Promise<Remembered> => {
  const value = (await cache.get(rememberedKey(dossierCode)))?.value;
  if (!isObject(value)) return NOTHING;
  const { maHoSo, idHoSo, files } = value;
  return {
    ...(isText(maHoSo) && { maHoSo }),
    ...(isText(idHoSo) && { idHoSo }),
    files: Array.isArray(files) ? files.filter(isFile) : [],
  };
};

/** What stands for an address in memory: an address may open the file to whoever reads it. */
export const digestOf = async (url: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
};

/** Those of a dossier's files that were uploaded, by their addresses. */
export const uploadsAmong = async (
  files: readonly { readonly url: string }[],
  remembered: Remembered,
): Promise<ReadonlyMap<string, UploadedFile>> => {
  const known = new Map(remembered.files.map((file) => [file.of, file]));
  const uploads = new Map<string, UploadedFile>();
  for (const { url } of files) {
    const file = known.get(await digestOf(url));
    if (file !== undefined) uploads.set(url, file);
  }
  return uploads;
};

/** Remembers from now on. */
export const remember = (dossierCode: string, remembered: Remembered, cache: PlatformCache): Promise<void> =>
  cache.put(rememberedKey(dossierCode), remembered);
