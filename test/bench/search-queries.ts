import { inventedName } from "./names.ts";
import { dossierCode } from "./workload.ts";

/** One kind of search: its name in the notes, and the path of the `i`-th call. */
export interface SearchQuery {
  readonly name: string;
  path(i: number): string;
}

const DAY_MS = 24 * 3600 * 1000;
const dayBefore = (now: Date, days: number): string =>
  new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);

const fixed = (query: string): SearchQuery => ({ name: query || "no filter", path: () => `/v1/ledger?${query}` });

/** `GET /v1/ledger` by each kind of filter, those that match almost nothing among them. */
export const ledgerQueries = (now: Date, dossiers: number): readonly SearchQuery[] => [
  fixed(""),
  fixed("state=delivered&platform=national-portal"),
  fixed("state=failed"),
  fixed("errorCode=upstream_rejected"),
  fixed("operation=dossier.put&state=superseded"),
  fixed("state=cancelled"),
  fixed("state=queued,waiting,sending"),
  fixed("operation=dossier.status"),
  { name: "dossierCode", path: (i) => `/v1/ledger?dossierCode=${dossierCode((i * 7919) % dossiers)}` },
  {
    name: "subject and state",
    path: (i) => `/v1/ledger?state=delivered&subject=${dossierCode((i * 7907) % dossiers)}`,
  },
  { name: "one day", path: (i) => `/v1/ledger?from=${dayBefore(now, 40 + i)}&to=${dayBefore(now, 40 + i)}` },
  {
    name: "one day and state=superseded",
    path: (i) => `/v1/ledger?state=superseded&from=${dayBefore(now, 50 + i)}&to=${dayBefore(now, 50 + i)}`,
  },
];

const searching = (name: string, q: (i: number) => string): SearchQuery => ({
  name,
  path: (i) => `/v1/dossiers?q=${encodeURIComponent(q(i))}`,
});

/** `GET /v1/dossiers` by each kind of `q` (api section 3). */
export const dossierQueries = (dossiers: number): readonly SearchQuery[] => [
  searching("whole code", (i) => dossierCode((i * 7919) % dossiers)),
  searching("leading code", (i) => dossierCode(((i * 7919) % dossiers) - (((i * 7919) % dossiers) % 100)).slice(0, -2)),
  searching("full name", (i) => inventedName(i * 13)),
  searching("family name of a third of all", () => "nguyen"),
  searching("given name", (i) => inventedName(i * 13).split(" ")[2] ?? ""),
  searching("identity of one", () => "001199000001"),
  searching("a word that nobody has", (i) => `khongco${i}`),
];
