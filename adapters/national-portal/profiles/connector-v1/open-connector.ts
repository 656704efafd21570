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
import { namesOf, openSender, uploadsOf } from "./send-dossier.ts";

/** Opens shape C, "connector-v1" (np 1.3). */
export const openConnector = (config: ConnectorConfig): Dialect => {
  const client = openConnectorClient(config);

  const perform = async (message: DossierMessage, nationalStatus: string, call: CallContext): Promise<Outcome> => {
    switch (message.operation) {
      case "dossier.put":
        return putDossier(message, openSender({ put: message, nationalStatus, config, client, call }));
      case "dossier.step": {
        const names = namesOf(message.dossierCode, await recall(message.dossierCode, call.cache));
        return settled(await client.addStep(toStep(names, message.event, nationalStatus), call));
      }
      case "dossier.status":
        return settled(await client.setStatus(toPortalBornStatus(message, nationalStatus), call));
    }
  };

  return {
    profile: CONNECTOR,
    compareSource: listing(client.list),
    perform,
    preview: async (message, nationalStatus, cache) => {
      if (message.operation === "dossier.status") {
        return { ok: true, value: bodyOf.status(toPortalBornStatus(message, nationalStatus)) };
      }
      const remembered = await recall(message.dossierCode, cache);
      const names = namesOf(message.dossierCode, remembered);
      if (message.operation === "dossier.step") {
        return { ok: true, value: bodyOf.step(toStep(names, message.event, nationalStatus)) };
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
