import { z } from "zod";
import { CHANNELS, DOSSIER_STATUSES, ORIGINS } from "../../contracts/services/dossier.ts";
import { COUNT_KEYS, SYNC_STATES } from "../../contracts/services/dossier-views.ts";
import type { DossierFilter } from "../dossiers/find-dossiers.ts";
import type { DossierPosition } from "../dossiers/list-dossiers.ts";
import { cursorOf, from, printedMoment, to, writeCursor } from "../http/list-query.ts";
import { DOSSIERS } from "./local-path.ts";

const words = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}+$/u);

const position = z.strictObject({ receivedAt: printedMoment, code: words(100) });
const day = z.iso.date();

// A form sends empty fields, and people mend addresses by hand: what cannot be read filters nothing.
const query = z.object({
  origin: z.enum(ORIGINS).optional().catch(undefined),
  status: z.enum(DOSSIER_STATUSES).optional().catch(undefined),
  channel: z.enum(CHANNELS).optional().catch(undefined),
  sync: z.enum(SYNC_STATES).optional().catch(undefined),
  procedureCode: words(50).optional().catch(undefined),
  unit: words(500).optional().catch(undefined),
  receivedFrom: day.optional().catch(undefined),
  receivedTo: day.optional().catch(undefined),
  q: words(200).optional().catch(undefined),
  by: z.enum(COUNT_KEYS).optional().catch(undefined),
  cursor: cursorOf(position).catch(undefined),
});

/** The filters of the page, as given in its address. */
export type DossierQuery = z.infer<typeof query>;

/** Reads the filters out of an address's query. */
export const parseDossierQuery = (given: Readonly<Record<string, string>>): DossierQuery => query.parse(given);

const one = (value: string | undefined): string[] | undefined => (value === undefined ? undefined : [value]);

/** The filters as the search takes them; days are those of Vietnam, both included. */
export const dossierFilterOf = (given: DossierQuery): DossierFilter => ({
  origin: one(given.origin),
  status: one(given.status),
  channel: one(given.channel),
  sync: one(given.sync),
  procedureCode: one(given.procedureCode),
  unit: one(given.unit),
  receivedFrom: from.parse(given.receivedFrom),
  receivedTo: to.parse(given.receivedTo),
  q: given.q,
});

/** An address below the page of dossiers with these filters. */
export const dossiersPath = (
  filters: Omit<DossierQuery, "cursor">,
  more: { readonly after?: DossierPosition | null; readonly below?: string; readonly format?: string } = {},
): string => {
  const cursor = writeCursor(more.after ? { ...more.after } : null);
  const given = Object.entries({ ...filters, cursor, format: more.format }).filter((pair): pair is [string, string] =>
    Boolean(pair[1]),
  );
  const path = `${DOSSIERS}${more.below ?? ""}`;
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
};
