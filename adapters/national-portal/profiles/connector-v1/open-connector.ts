import type { CallContext, Outcome } from "../../../../contracts/adapter.ts";
import { listing } from "../../compare.ts";
import type { ConnectorConfig } from "../../config.ts";
import { type Dialect, settled } from "../../dialect.ts";
import type { DossierMessage } from "../../profile.ts";
import { putDossier } from "../../put-dossier.ts";
import { bodyOf, openConnectorClient } from "./connector-client.ts";
import { toDossierStatus, toNoiHoSo, toPortalBornStatus, toStep } from "./connector-map.ts";
import { CONNECTOR } from "./connector-table.ts";
import { recall } from "./remembered.ts";
import { namesOf, openSender, sendPortalBorn, uploadsOf } from "./send-dossier.ts";

/** Opens shape C, "connector-v1" (np 1.3). */
export const openConnector = (config: ConnectorConfig): Dialect => {
  const client = openConnectorClient(config);

  const perform = async (message: DossierMessage, nationalStatus: string, call: CallContext): Promise<Outcome> => {
    switch (message.operation) {
      case "dossier.put":
        return putDossier(message, openSender({ put: message, nationalStatus, config, client, call }));
      case "dossier.step": {
        const names = namesOf(message.dossierCode, await recall(message.dossierCode, call.cache));
        return settled(await client.addSteps([toStep(names, message.event, nationalStatus)], call));
      }
      case "dossier.status":
        return settled(await sendPortalBorn(message, nationalStatus, client, call));
    }
  };

  return {
    profile: CONNECTOR,
    compareSource: listing(client.list),
    fetching: { dossiers: client.fetching },
    perform,
    performSteps: async (steps, call) => {
      const said = await Promise.all(
        steps.map(async ({ message, nationalStatus }) => {
          const names = namesOf(message.dossierCode, await recall(message.dossierCode, call.cache));
          return toStep(names, message.event, nationalStatus);
        }),
      );
      return settled(await client.addSteps(said, call));
    },
    preview: async (message, nationalStatus, cache) => {
      const remembered = await recall(message.dossierCode, cache);
      if (message.operation === "dossier.status") {
        const uploads = await uploadsOf({ results: message.results }, remembered);
        return { ok: true, value: bodyOf.status(toPortalBornStatus(message, uploads, nationalStatus)) };
      }
      const names = namesOf(message.dossierCode, remembered);
      if (message.operation === "dossier.step") {
        return { ok: true, value: bodyOf.steps([toStep(names, message.event, nationalStatus)]) };
      }
      const { dossier, known } = message;
      const uploads = await uploadsOf(dossier, remembered);
      const parts = { maHoSo: names.maHoSo, dossier, uploads, nationalStatus, madonvi: config.madonvi };
      return {
        ok: true,
        value: known
          ? bodyOf.status(toDossierStatus(names, dossier, uploads, nationalStatus))
          : bodyOf.create(toNoiHoSo(parts)),
      };
    },
  };
};
