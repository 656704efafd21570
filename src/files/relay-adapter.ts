import type { Adapter, FileSource, Message } from "../../contracts/adapter.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { Executor } from "../database/database.ts";
import { submittedOf, withAddresses } from "./dossier-files.ts";
import type { LinkCodec, NamedSource } from "./link-codec.ts";
import { alignLinks, linkFiles, readLinks } from "./link-files.ts";

/** What messages are relayed with. */
export interface RelayParts {
  readonly tenant: string;
  readonly codec: LinkCodec;
  /** Every file gets a link; if not (`FILE_SOURCES` unset), only those that are kept here. */
  readonly all: boolean;
  /** Where adapters that send bytes get them; absent: they send none. */
  readonly files?: FileSource | undefined;
}

const needsLink = (url: string, { all, codec }: RelayParts): boolean => all || codec.uploadIn(url) !== null;

/** The files of a dossier that the portal is to open through us. */
const relayedOf = (dossier: Dossier, parts: RelayParts): NamedSource[] =>
  [...submittedOf(dossier), ...(dossier.results ?? [])].filter(({ url }) => needsLink(url, parts));

const withLinks = (dossier: Dossier, links: ReadonlyMap<string, string>): Dossier =>
  withAddresses(dossier, (url) => links.get(url));

/** Which files the portal has once this dossier was delivered. A file that is deleted and there again is there. */
const standing = (dossier: Dossier) => {
  const { results = [] } = dossier;
  const submittedFiles = submittedOf(dossier);
  const isDeleted = (file: { deleted?: boolean | undefined }): boolean => file.deleted === true;
  const live = [...submittedFiles.filter((file) => !isDeleted(file)), ...results].map(({ url }) => url);
  return { live: new Set(live), deleted: new Set(submittedFiles.filter(isDeleted).map(({ url }) => url)) };
};

type Put = Extract<Message, { operation: "dossier.put" }>;

const isPut = (message: Message): message is Put => message.operation === "dossier.put";

/**
 * An adapter whose dossiers carry our links in the place of the province's own addresses. A message without files costs
 * nothing; the links of a dossier are the same at every try, and old ones close once a newer dossier was delivered.
 */
export const relaying = (adapter: Adapter, executor: Executor, parts: RelayParts): Adapter => {
  const { preview } = adapter;
  return {
    ...adapter,
    perform: async (message, call) => {
      if (!isPut(message)) return adapter.perform(message, call);
      const { dossierCode, dossier, known } = message;
      const relayed = relayedOf(dossier, parts);
      const links = relayed.length === 0 ? new Map() : await linkFiles(executor, parts, dossierCode, relayed);
      const sent = relayed.length === 0 ? message : { ...message, dossier: withLinks(dossier, links) };
      const outcome = await adapter.perform(sent, parts.files === undefined ? call : { ...call, files: parts.files });
      // A dossier that was never put before has no older links.
      if (outcome.delivered && (relayed.length > 0 || (known && parts.all))) {
        await alignLinks(executor, parts, dossierCode, standing(dossier));
      }
      return outcome;
    },
    ...(preview && {
      preview: async (message, cache) => {
        if (!isPut(message) || relayedOf(message.dossier, parts).length === 0) return preview(message, cache);
        // Nothing is made for looking at it: a file that has no link yet is shown under a link without its end.
        const known = await readLinks(executor, parts, message.dossierCode);
        const links = relayedOf(message.dossier, parts).map(
          ({ url }) => [url, known.get(url)?.url ?? parts.codec.urlOf("")] as const,
        );
        return preview({ ...message, dossier: withLinks(message.dossier, new Map(links)) }, cache);
      },
    }),
  };
};
