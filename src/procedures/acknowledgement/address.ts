/** `.invalid` leads nowhere (RFC 2606): an address that stands for an acknowledgement until it is made. */
const PREFIX = "http://acknowledgement.invalid/";

/** What stands among the results of a dossier until its acknowledgement is made, when it is sent. */
export const acknowledgementAddress = (dossierCode: string, decision: string): string =>
  `${PREFIX}${encodeURIComponent(dossierCode)}?decision=${encodeURIComponent(decision)}`;

/** The decision that orders the acknowledgement which an address stands for; null: it is an ordinary address. */
export const decisionIn = (address: string): string | null =>
  address.startsWith(PREFIX) ? (new URL(address).searchParams.get("decision") ?? "") : null;
