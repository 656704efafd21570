import type { CallContext, Reading } from "../../../../contracts/adapter.ts";
import type { ConnectorClient } from "./connector-client.ts";
import { digestOf, type Remembered, remember } from "./remembered.ts";

/** A file by its name and its address. */
export interface WantedFile {
  readonly name: string;
  readonly url: string;
}

/** What one round of uploads needs. */
export interface UploadRound {
  readonly dossierCode: string;
  readonly maHoSo: string;
  readonly wanted: readonly WantedFile[];
  readonly known: Remembered;
  readonly client: Pick<ConnectorClient, "upload">;
}

/**
 * Uploads what is wanted and was not uploaded before, one after the other; each is remembered at once, so that a fault in
 * the middle costs nothing that was done. Without a source of files the dossier goes without them, as was said at accept.
 * @returns what is remembered then, or the first fault.
 */
export const uploadFiles = async (
  { dossierCode, maHoSo, wanted, known, client }: UploadRound,
  call: CallContext,
): Promise<Reading<Remembered>> => {
  const { files: source } = call;
  if (source === undefined) return { ok: true, value: known };
  let remembered = known;
  for (const { name, url } of wanted) {
    const of = await digestOf(url);
    if (remembered.files.some((file) => file.of === of)) continue;
    const uploaded = await client.upload({ maHoSo, name, open: () => source.open(url) }, call);
    if (!uploaded.ok) return uploaded;
    remembered = { ...remembered, files: [...remembered.files, { ...uploaded.value, of }] };
    await remember(dossierCode, remembered, call.cache);
  }
  return { ok: true, value: remembered };
};
