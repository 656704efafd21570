import { z } from "zod";
import { PLATFORMS } from "../../contracts/adapter.ts";
import { ENTRY_STATES } from "../../contracts/ledger.ts";
import { cursorOf, printedMoment, writeCursor } from "../http/list-query.ts";
import type { EntryFilter, EntryPosition } from "../ledger/search/entry-filter.ts";
import { CONSOLE } from "./local-path.ts";

/** What the form can ask for: a state, or all states of what is still on its way. */
export const STATE_CHOICES = [...ENTRY_STATES, "pending"] as const;

// The database prints `2026-11-20 09:00:00.123456+00`. A position made by hand must not become a fault of the database.
const position = z.strictObject({ acceptedAt: printedMoment, id: z.string().regex(/^\d{1,18}$/u) });
const dossierCode = z
  .string()
  .trim()
  .max(200)
  .regex(/^\P{Cc}+$/u);

// A form sends empty fields, and people mend addresses by hand: what cannot be read filters nothing.
const query = z.object({
  state: z.enum(STATE_CHOICES).optional().catch(undefined),
  platform: z.enum(PLATFORMS).optional().catch(undefined),
  dossierCode: dossierCode.optional().catch(undefined),
  cursor: cursorOf(position).catch(undefined),
});

/** The filters of the list, as given in the address. */
export type EntryQuery = z.infer<typeof query>;

/** Reads the filters out of an address's query. */
export const parseEntryQuery = (given: Readonly<Record<string, string>>): EntryQuery => query.parse(given);

/** The filters as the ledger takes them. */
export const filterOf = ({ state, platform, dossierCode }: EntryQuery): EntryFilter => ({
  state: state === "pending" ? ["queued", "sending", "waiting"] : state && [state],
  platform: platform && [platform],
  dossierCode: dossierCode === undefined ? undefined : [dossierCode],
});

/** The address of a list with these filters, from its first page or after a position. */
export const listPath = (filters: Omit<EntryQuery, "cursor">, after: EntryPosition | null = null): string => {
  const cursor = writeCursor(after && { ...after });
  const given = Object.entries({ ...filters, cursor }).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? CONSOLE : `${CONSOLE}?${new URLSearchParams(given)}`;
};
