import { z } from "zod";
import { PLATFORMS } from "../../contracts/adapter.ts";
import { DISCREPANCY_KINDS } from "../../contracts/comparer.ts";
import { DISCREPANCY_STATES } from "../../contracts/services/reconciliations.ts";
import type { DiscrepancyFilter } from "../reconcile/discrepancies/discrepancy-row.ts";
import { DISCREPANCIES } from "./local-path.ts";

const dossierCode = z
  .string()
  .trim()
  .max(100)
  .regex(/^\P{Cc}+$/u);

// A form sends empty fields, and people mend addresses by hand: what cannot be read filters nothing. Without a word about it
// the open ones are shown: those are work.
const query = z.object({
  state: z
    .enum([...DISCREPANCY_STATES, "all"])
    .catch("open")
    .default("open"),
  kind: z.enum(DISCREPANCY_KINDS).optional().catch(undefined),
  platform: z.enum(PLATFORMS).optional().catch(undefined),
  dossierCode: dossierCode.optional().catch(undefined),
  after: z
    .string()
    .regex(/^[1-9]\d{0,17}$/u)
    .optional()
    .catch(undefined),
});

/** The filters of the page, as given in the address. */
export type DiscrepancyQuery = z.infer<typeof query>;

/** Reads the filters out of an address's query. */
export const parseDiscrepancyQuery = (given: Readonly<Record<string, string>>): DiscrepancyQuery => query.parse(given);

/** The filters as the desk takes them. */
export const discrepancyFilterOf = ({
  state,
  kind,
  platform,
  dossierCode: code,
}: DiscrepancyQuery): DiscrepancyFilter => ({
  ...(state !== "all" && { state: [state] }),
  ...(kind !== undefined && { kind: [kind] }),
  ...(platform !== undefined && { platform: [platform] }),
  ...(code !== undefined && { dossierCode: [code] }),
});

/** The address of the list with these filters, after a position. */
export const discrepancyPath = (filters: Omit<DiscrepancyQuery, "after">, after: string): string => {
  const given = Object.entries({ ...filters, after }).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return `${DISCREPANCIES}?${new URLSearchParams(given)}`;
};
