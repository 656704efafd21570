import type { CallContext, Outcome, Reading } from "../../../../contracts/adapter.ts";
import type { Dossier } from "../../../../contracts/services/dossier.ts";
import type { ConnectorConfig } from "../../config.ts";
import { type Dialect, settled } from "../../dialect.ts";
import type { DossierMessage } from "../../profile.ts";
import { type DossierSender, type Mode, putDossier } from "../../put-dossier.ts";
import { bodyOf, type ConnectorClient, openConnectorClient } from "./connector-client.ts";
import {
  type PortalNames,
  toDossierStatus,
  toNoiHoSo,
  toPortalBornStatus,
  toStep,
  type Uploads,
} from "./connector-map.ts";
import { CONNECTOR, STATUSES_WITH_LISTS } from "./connector-table.ts";
import { type Remembered, recall, remember, uploadsAmong } from "./remembered.ts";
import { uploadFiles } from "./upload-files.ts";

type Put = Extract<DossierMessage, { operation: "dossier.put" }>;

const namesOf = (dossierCode: string, { maHoSo, idHoSo }: Remembered): PortalNames => ({
  maHoSo: maHoSo ?? dossierCode,
  idHoSo: idHoSo ?? "",
});

const uploadsOf = ({ submittedFiles = [], results = [] }: Dossier, remembered: Remembered): Promise<Uploads> =>
  uploadsAmong([...submittedFiles, ...results], remembered);

/** The files that a message names: those submitted with a create, the results with an update that may carry them. */
const filesFor = (mode: Mode, { submittedFiles = [], results = [] }: Dossier, nationalStatus: string) => {
  if (mode === "create") return submittedFiles.filter((file) => file.deleted !== true);
  return STATUSES_WITH_LISTS.includes(Number(nationalStatus)) ? results : [];
};

/** One put on its way: what is learnt of the dossier is remembered as soon as it is known. */
const openSender = (
  {
    put,
    nationalStatus,
    config,
    client,
  }: {
    readonly put: Put;
    readonly nationalStatus: string;
    readonly config: ConnectorConfig;
    readonly client: ConnectorClient;
  },
  call: CallContext,
): DossierSender => {
  const { dossierCode, dossier } = put;

  /** The portal's number of a new dossier, taken once (np 1.3). */
  const numbered = async (known: Remembered): Promise<Reading<Remembered>> => {
    if (client.nextNumber === null || known.maHoSo !== undefined) return { ok: true, value: known };
    const number = await client.nextNumber(call);
    if (!number.ok) return number;
    const remembered = { ...known, maHoSo: number.value };
    await remember(dossierCode, remembered, call.cache);
    return { ok: true, value: remembered };
  };

  const withFiles = async (mode: Mode, known: Remembered): Promise<Reading<Remembered>> => {
    const { maHoSo } = namesOf(dossierCode, known);
    const wanted = filesFor(mode, dossier, nationalStatus);
    return uploadFiles({ dossierCode, maHoSo, wanted, known, client }, call);
  };

  const create = async (): Promise<Reading<null>> => {
    const number = await numbered(await recall(dossierCode, call.cache));
    if (!number.ok) return number;
    const ready = await withFiles("create", number.value);
    if (!ready.ok) return ready;
    const { maHoSo } = namesOf(dossierCode, ready.value);
    const uploads = await uploadsOf(dossier, ready.value);
    const parts = { maHoSo, dossier, uploads, nationalStatus, madonvi: config.madonvi };
    const created = await client.create(toNoiHoSo(parts), call);
    if (!created.ok) return created;
    const { idHoSo, maHoSo: named } = created.value;
    // The portal may have put a number of its own in the place of ours: its word is the one that later calls need.
    if (idHoSo !== "" || named !== "") {
      const names = { ...(idHoSo !== "" && { idHoSo }), ...(named !== "" && { maHoSo: named }) };
      await remember(dossierCode, { ...ready.value, ...names }, call.cache);
    }
    return { ok: true, value: null };
  };

  const update = async (): Promise<Reading<null>> => {
    const ready = await withFiles("update", await recall(dossierCode, call.cache));
    if (!ready.ok) return ready;
    const names = namesOf(dossierCode, ready.value);
    const uploads = await uploadsOf(dossier, ready.value);
    return client.setStatus(toDossierStatus(names, dossier, uploads, nationalStatus), call);
  };

  return {
    afterRefusedUpdate: CONNECTOR.afterRefusedUpdate,
    send: (mode) => (mode === "create" ? create() : update()),
  };
};

/** Opens shape C, "connector-v1" (np 1.3). */
export const openConnector = (config: ConnectorConfig): Dialect => {
  const client = openConnectorClient(config);

  const perform = async (message: DossierMessage, nationalStatus: string, call: CallContext): Promise<Outcome> => {
    switch (message.operation) {
      case "dossier.put":
        return putDossier(message, openSender({ put: message, nationalStatus, config, client }, call));
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
