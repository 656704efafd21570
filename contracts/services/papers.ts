import { z } from "zod";
import { dossierCodeShape, procedureCode } from "../identifiers.ts";
import { LOOKUP_PURPOSES } from "./access-records.ts";
import { personalId } from "./citizens.ts";
import { text } from "./fields.ts";

/** Asked for at once at most. */
const MOST_RESULTS = 100;

const forDossier = (dossierCodePattern?: RegExp) => ({
  dossierCode: dossierCodeShape(dossierCodePattern),
  procedureCode,
  purpose: z.enum(LOOKUP_PURPOSES),
});

/** `POST /v1/citizens/papers`: which papers the national store holds of one citizen, for one dossier. */
export const papersSearchSchema = (dossierCodePattern?: RegExp) =>
  z
    .strictObject({
      ...forDossier(dossierCodePattern),
      personalId,
      results: z
        .array(z.strictObject({ code: text(200), notation: text(200).optional() }))
        .max(MOST_RESULTS)
        .optional()
        .meta({ description: "Only these kinds of papers; absent or empty: all." }),
    })
    .meta({ id: "PapersSearch" });

/** A search as asked. */
export type PapersSearch = z.infer<ReturnType<typeof papersSearchSchema>>;

/** A paper with the least that is said of an electronic document (domain R11), as far as the store says it. */
const foundPaperSchema = z
  .strictObject({
    code: z.strictObject({
      owner: z.string().meta({ description: "Whose it is: 12 digits." }),
      type: z
        .string()
        .meta({ description: "The store's code behind the owner's number; the whole code where it names no owner." }),
    }),
    name: z.string(),
    notation: z.string(),
    agency: z.string().meta({ description: "The agency in charge of it, as the store names it." }),
    files: z.array(
      z.strictObject({
        name: z.string(),
        id: z.string().meta({ description: "Fetches the file: by this officer, for this dossier, within 15 minutes." }),
      }),
    ),
  })
  .meta({ id: "FoundPaper" });

/** What a search answers; the texts that the store leaves out are empty. */
export const foundPapersSchema = z
  .strictObject({
    items: z.array(foundPaperSchema),
    requestId: z.string().meta({ description: "Names the access record." }),
  })
  .meta({ id: "FoundPapers" });

/** What a search answers. */
export type FoundPapers = z.infer<typeof foundPapersSchema>;

/** `POST /v1/citizens/papers/files`: one file of a paper that was found. */
export const paperFetchSchema = (dossierCodePattern?: RegExp) =>
  z
    .strictObject({
      ...forDossier(dossierCodePattern),
      id: z.string().min(1).max(16_384).meta({ description: "Of the search's answer." }),
    })
    .meta({ id: "PaperFetch" });

/** A file as asked for. */
export type PaperFetch = z.infer<ReturnType<typeof paperFetchSchema>>;

/** A file of the store, kept here. */
export const fetchedPaperSchema = z
  .strictObject({
    fileId: z.string(),
    url: z.string().meta({ description: "May stand in a dossier, with `fromNationalStore: true`." }),
    name: z.string(),
    type: z.string().meta({ description: "Media type, by the bytes and not by the name." }),
    /** In bytes. */
    size: z.int().min(0),
  })
  .meta({ id: "FetchedPaper" });

/** A file of the store, kept here. */
export type FetchedPaper = z.infer<typeof fetchedPaperSchema>;
