import type { Adapter, FileSource, Message } from "../../contracts/adapter.ts";
import type { Executor } from "../database/database.ts";
import { type NamingFiles, submittedOf, withAddresses } from "./dossier-files.ts";
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

/** The files that the portal is to open through us. */
const relayedOf = (files: NamingFiles, parts: RelayParts): NamedSource[] =>
  [...submittedOf(files), ...(files.results ?? [])].filter(({ url }) => needsLink(url, parts));

/** Which files the portal has once this was delivered. A file that is deleted and there again is there. */
const standing = (files: NamingFiles) => {
  const { results = [] } = files;
  const submittedFiles = submittedOf(files);
  const isDeleted = (file: { deleted?: boolean | undefined }): boolean => file.deleted === true;
  const live = [...submittedFiles.filter((file) => !isDeleted(file)), ...results].map(({ url }) => url);
  return { live: new Set(live), deleted: new Set(submittedFiles.filter(isDeleted).map(({ url }) => url)) };
};

type Told = Extract<Message, { operation: "dossier.put" | "dossier.status" }>;

/** A message that says which files a dossier has: the whole of it, or what a portal-born one came to. */
const saysFiles = (message: Message): message is Told =>
  message.operation === "dossier.put" || (message.operation === "dossier.status" && message.results !== undefined);

const filesOf = (message: Told): NamingFiles => (message.operation === "dossier.put" ? message.dossier : message);

const withLinks = (message: Told, links: ReadonlyMap<string, string>): Told => {
  const linkOf = (url: string) => links.get(url);
  return message.operation === "dossier.put"
    ? { ...message, dossier: withAddresses(message.dossier, linkOf) }
    : withAddresses(message, linkOf);
};

/**
 * An adapter whose dossiers carry our links in the place of the province's own addresses. A message without files costs
 * nothing; the links of a dossier are the same at every try, and old ones close once a newer dossier was delivered.
 */
export const relaying = (adapter: Adapter, executor: Executor, parts: RelayParts): Adapter => {
  const { preview } = adapter;
  return {
    ...adapter,
    perform: async (message, call) => {
      if (!saysFiles(message)) return adapter.perform(message, call);
      const { dossierCode } = message;
      const files = filesOf(message);
      const relayed = relayedOf(files, parts);
      const links = relayed.length === 0 ? new Map() : await linkFiles(executor, parts, dossierCode, relayed);
      const sent = relayed.length === 0 ? message : withLinks(message, links);
      const outcome = await adapter.perform(sent, parts.files === undefined ? call : { ...call, files: parts.files });
      // A dossier that was never put before has no older links.
      const older = message.operation === "dossier.status" || message.known;
      if (outcome.delivered && (relayed.length > 0 || (older && parts.all))) {
        await alignLinks(executor, parts, dossierCode, standing(files));
      }
      return outcome;
    },
    ...(preview && {
      preview: async (message, cache) => {
        if (!saysFiles(message)) return preview(message, cache);
        const relayed = relayedOf(filesOf(message), parts);
        if (relayed.length === 0) return preview(message, cache);
        // Nothing is made for looking at it: a file that has no link yet is shown under a link without its end.
        const known = await readLinks(executor, parts, message.dossierCode);
        const links = relayed.map(({ url }) => [url, known.get(url)?.url ?? parts.codec.urlOf("")] as const);
        return preview(withLinks(message, new Map(links)), cache);
      },
    }),
  };
};
