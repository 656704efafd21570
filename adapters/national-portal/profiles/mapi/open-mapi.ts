import { lookUps } from "../../compare.ts";
import type { MapiConfig } from "../../config.ts";
import { type Dialect, settled } from "../../dialect.ts";
import { toSubmission } from "../../map-submission.ts";
import { openOwnObjects } from "../../own-objects.ts";
import { openMapiClient, openMapiPreview } from "./mapi-client.ts";
import { openMapiFiles } from "./mapi-files.ts";
import { openMapiPapers } from "./mapi-papers.ts";
import { MAPI } from "./mapi-table.ts";

/** Opens shape A, "mapi" (np 1.1). */
export const openMapi = (config: MapiConfig): Dialect => {
  const client = openMapiClient(config);
  const bodies = openMapiPreview(config);
  return {
    ...openOwnObjects(MAPI, client, bodies),
    compareSource: lookUps(client.findDossier, config.lookupStatusKey),
    fetching: { questions: { list: client.listAskedQuestions }, files: openMapiFiles(config) },
    ...(config.papers && { papers: openMapiPapers(config, config.papers) }),
    submissions: {
      perform: async (message, call) => settled(await client.submit(toSubmission(message), call)),
      preview: (message) => bodies.submit(toSubmission(message)),
    },
  };
};
