import type { CallContext, Reading } from "../../../../contracts/adapter.ts";
import type { Dossier } from "../../../../contracts/services/dossier.ts";
import type { ConnectorConfig } from "../../config.ts";
import type { DossierMessage } from "../../profile.ts";
import type { DossierSender, Mode } from "../../put-dossier.ts";
import type { ConnectorClient } from "./connector-client.ts";
import { type PortalNames, toDossierStatus, toNoiHoSo, toPortalBornStatus, type Uploads } from "./connector-map.ts";
import { CONNECTOR, STATUSES_WITH_LISTS } from "./connector-table.ts";
import { type Remembered, recall, remember, uploadsAmong } from "./remembered.ts";
import { uploadFiles } from "./upload-files.ts";

/** What the portal calls a dossier: the province's code, unless the portal has a number of its own for it. */
export const namesOf = (dossierCode: string, { maHoSo, idHoSo }: Remembered): PortalNames => ({
  maHoSo: maHoSo ?? dossierCode,
  idHoSo: idHoSo ?? "",
});

/** Those of a dossier's files and results that were uploaded. */
export const uploadsOf = (
  { submittedFiles = [], results = [] }: Pick<Dossier, "submittedFiles" | "results">,
  remembered: Remembered,
): Promise<Uploads> => uploadsAmong([...submittedFiles, ...results], remembered);

/** One put on its way. */
export interface Sending {
  readonly put: Extract<DossierMessage, { operation: "dossier.put" }>;
  readonly nationalStatus: string;
  readonly config: ConnectorConfig;
  readonly client: ConnectorClient;
  readonly call: CallContext;
}

/** The portal's number of a new dossier, taken once (np 1.3). */
const numbered = async ({ put, client, call }: Sending): Promise<Reading<Remembered>> => {
  const known = await recall(put.dossierCode, call.cache);
  if (client.nextNumber === null || known.maHoSo !== undefined) return { ok: true, value: known };
  const number = await client.nextNumber(call);
  if (!number.ok) return number;
  const remembered = { ...known, maHoSo: number.value };
  await remember(put.dossierCode, remembered, call.cache);
  return { ok: true, value: remembered };
};

/** The files that a message names: those submitted with a create, the results with an update that may carry them. */
const filesFor = (mode: Mode, { submittedFiles = [], results = [] }: Dossier, nationalStatus: string) => {
  if (mode === "create") return submittedFiles.filter((file) => file.deleted !== true);
  return STATUSES_WITH_LISTS.includes(Number(nationalStatus)) ? results : [];
};

const withFiles = (mode: Mode, known: Remembered, sending: Sending): Promise<Reading<Remembered>> => {
  const { put, nationalStatus, client, call } = sending;
  const { dossierCode, dossier } = put;
  const { maHoSo } = namesOf(dossierCode, known);
  const wanted = filesFor(mode, dossier, nationalStatus);
  return uploadFiles({ dossierCode, maHoSo, wanted, known, client }, call);
};

const create = async (sending: Sending): Promise<Reading<null>> => {
  const { put, nationalStatus, config, client, call } = sending;
  const { dossierCode, dossier } = put;
  const number = await numbered(sending);
  if (!number.ok) return number;
  const ready = await withFiles("create", number.value, sending);
  if (!ready.ok) return ready;
  const { maHoSo } = namesOf(dossierCode, ready.value);
  const uploads = await uploadsOf(dossier, ready.value);
  const created = await client.create(
    toNoiHoSo({ maHoSo, dossier, uploads, nationalStatus, madonvi: config.madonvi }),
    call,
  );
  if (!created.ok) return created;
  const { idHoSo, maHoSo: named } = created.value;
  // The portal may have put a number of its own in the place of ours: its word is the one that later calls need.
  if (idHoSo !== "" || named !== "") {
    const names = { ...(idHoSo !== "" && { idHoSo }), ...(named !== "" && { maHoSo: named }) };
    await remember(dossierCode, { ...ready.value, ...names }, call.cache);
  }
  return { ok: true, value: null };
};

const update = async (sending: Sending): Promise<Reading<null>> => {
  const { put, nationalStatus, client, call } = sending;
  const { dossierCode, dossier } = put;
  const ready = await withFiles("update", await recall(dossierCode, call.cache), sending);
  if (!ready.ok) return ready;
  const uploads = await uploadsOf(dossier, ready.value);
  return client.setStatus(toDossierStatus(namesOf(dossierCode, ready.value), dossier, uploads, nationalStatus), call);
};

/** How the connector tells what a dossier born on the portal came to: its results first, under the code that the portal gave it. */
export const sendPortalBorn = async (
  message: Extract<DossierMessage, { operation: "dossier.status" }>,
  nationalStatus: string,
  client: ConnectorClient,
  call: CallContext,
): Promise<Reading<null>> => {
  const { dossierCode, portalCode, results = [] } = message;
  const wanted = STATUSES_WITH_LISTS.includes(Number(nationalStatus)) ? results : [];
  const known = await recall(dossierCode, call.cache);
  const ready = await uploadFiles({ dossierCode, maHoSo: portalCode, wanted, known, client }, call);
  if (!ready.ok) return ready;
  const uploads = await uploadsOf({ results }, ready.value);
  return client.setStatus(toPortalBornStatus(message, uploads, nationalStatus), call);
};

/** How the connector sends a dossier: files first, then the message; what is learnt is remembered as soon as it is known. */
export const openSender = (sending: Sending): DossierSender => ({
  afterRefusedUpdate: CONNECTOR.afterRefusedUpdate,
  send: (mode) => (mode === "create" ? create(sending) : update(sending)),
});
