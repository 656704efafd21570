import type {
  ConnectorStatus,
  ConnectorStep,
  GiayToDinhKem,
  ListedDossier,
  NoiHoSo,
  ReceiptRow,
} from "../../contracts/platforms/national-portal/connector-v1.ts";
import { type Answer, accepted } from "./answer.ts";
import { checkObject, isJson, type Json } from "./checks.ts";
import { CONNECTOR_STATUS, CONNECTOR_STEP, NOI_HO_SO } from "./connector-fields.ts";
import { toHeldHoSo, toHeldStatus, toHeldStep } from "./connector-translation.ts";
import type { FaceContext } from "./perform-call.ts";
import { type Refusal, refuse } from "./refusals.ts";

/** One call of the connector with its body as parsed. */
export type ConnectorServe = (body: unknown, context: FaceContext) => Answer | Refusal;

const rowsOf = (body: unknown, check: (row: Json) => Refusal | undefined): Refusal | undefined => {
  if (!Array.isArray(body) || body.length === 0 || !body.every(isJson)) return refuse("data", "phải là danh sách");
  for (const row of body) {
    const refusal = check(row);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

/** np 1.3: what a dossier names must have been uploaded, and the hash must be the one that was answered. */
const notUploaded = (papers: readonly GiayToDinhKem[], { state }: FaceContext): Refusal | undefined => {
  const missing = papers.find(({ IdGiayTo, HashTepTin }) => state.uploads.get(IdGiayTo)?.HashTepTin !== HashTepTin);
  return missing && refuse("notUploaded", missing.IdGiayTo);
};

/** "NoiHoSo" (np 1.3): one object; a dossier that is there already is refused, as behind the other faces. */
export const createDossier: ConnectorServe = (body, context) => {
  const { state, catalogue, settings, checks } = context;
  if (!isJson(body)) return refuse("data", "phải là một đối tượng");
  const refusal = checkObject(body, NOI_HO_SO, checks);
  if (refusal !== undefined) return refusal;
  // Checked field by field above.
  const noiHoSo = body as unknown as NoiHoSo;
  const { MaHoSo, MaTTHC, ThanhPhanHoSo } = noiHoSo;
  if (!catalogue.has(MaTTHC)) return refuse("procedure", MaTTHC);
  const unfit = notUploaded(
    ThanhPhanHoSo.flatMap(({ GiayToDinhKem }) => GiayToDinhKem ?? []),
    context,
  );
  if (unfit !== undefined) return unfit;
  if (state.portalDossiers.has(MaHoSo)) return refuse("ownOrigin", MaHoSo);
  if (state.dossiers.has(MaHoSo)) return refuse("exists", MaHoSo);
  const idHoSo = `hs-${settings.newSession()}`;
  context.commit({
    kind: "connector-dossier",
    data: { idHoSo, noiHoSo },
    hoSo: toHeldHoSo(noiHoSo, catalogue),
  });
  return accepted("Thành công", { result: { idHoSo, maHoSo: MaHoSo } });
};

/** The portal's id, where it is given, must be that of the dossier named beside it. */
const strangerAt = (code: string, id: unknown, { state }: FaceContext): boolean =>
  !state.dossiers.has(code) || (id !== "" && id !== undefined && state.connectorDossiers.get(code)?.idHoSo !== id);

/** `capnhatientrinh` (np 1.3, 2.3). */
export const addConnectorSteps: ConnectorServe = (body, context) => {
  const refusal = rowsOf(body, (row) => checkObject(row, CONNECTOR_STEP, context.checks));
  if (refusal !== undefined) return refusal;
  // Checked field by field above.
  const steps = body as ConnectorStep[];
  if (steps.length > context.settings.maxStepsPerCall) return refuse("tooManySteps", String(steps.length));
  const stranger = steps.find(({ MaHoSo, IDHoSo }) => strangerAt(MaHoSo, IDHoSo, context));
  if (stranger !== undefined) return refuse("notHeld", stranger.MaHoSo);
  context.commit({ kind: "steps", data: steps.map(toHeldStep) });
  return accepted("Thành công");
};

/** np 2.3: fees and results only with these. */
const WITH_LISTS: readonly number[] = [5, 6, 9];

const checkStatus = (row: Json, context: FaceContext): Refusal | undefined => {
  const refusal = checkObject(row, CONNECTOR_STATUS, context.checks);
  if (refusal !== undefined) return refusal;
  // Checked field by field above.
  const status = row as unknown as ConnectorStatus;
  const lists = [...(status.DanhSachLePhi ?? []), ...(status.DanhSachGiayToKetQua ?? [])];
  if (lists.length > 0 && !WITH_LISTS.includes(status.TrangThai)) {
    return refuse("listsNotAllowed", String(status.TrangThai));
  }
  const isBorn = context.state.portalDossiers.has(status.MaHoSo);
  if (!isBorn && strangerAt(status.MaHoSo, status.IdHoSo, context)) return refuse("notHeld", status.MaHoSo);
  return notUploaded(status.DanhSachGiayToKetQua ?? [], context);
};

/** `laydanhsachhoso` (np 1.3): dossiers that were filed on the portal, of one procedure, in the status they were told last. */
export const listDossiers: ConnectorServe = (body, { state }) => {
  const { MaTTHC, TrangThaiHoSo, HinhThucTiepNhan } = isJson(body) ? body : {};
  if (![MaTTHC, TrangThaiHoSo, HinhThucTiepNhan].every((given) => typeof given === "string"))
    return refuse("parameter", "MaTTHC, TrangThaiHoSo, HinhThucTiepNhan");
  const filed = [...state.portalDossiers.values()].filter((one) => MaTTHC === "" || one.MaTTHC === MaTTHC);
  const rows = filed.map(({ MaHoSo, MaTTHC, row, statuses }): ListedDossier => {
    return { MaHoSo, MaTTHC, TrangThai: Number(statuses.at(-1)?.data.TrangThai ?? 1), ...row };
  });
  return accepted("", {
    result: rows.filter(({ TrangThai }) => ["", String(TrangThai)].includes(String(TrangThaiHoSo))),
  });
};

/** `xacnhantrangthainhan` (np 1.3): the province has these dossiers. Listed they are all the same. */
export const takeReceipts: ConnectorServe = (body, context) => {
  const known = context.state.portalDossiers;
  const refusal = rowsOf(body, ({ MaHoSo, TrangThaiNhanHoSo }) => {
    if (TrangThaiNhanHoSo !== 1) return refuse("notInList", "TrangThaiNhanHoSo");
    return known.has(String(MaHoSo)) ? undefined : refuse("notPortalBorn", String(MaHoSo));
  });
  if (refusal !== undefined) return refusal;
  context.commit({ kind: "receipt", data: (body as ReceiptRow[]).map(({ MaHoSo }) => MaHoSo) });
  return accepted("Thành công");
};

/** `capnhattrangthai` (np 1.3, 2.3): of dossiers that came by the connector and of those born on the portal. */
export const setConnectorStatuses: ConnectorServe = (body, context) => {
  const refusal = rowsOf(body, (row) => checkStatus(row, context));
  if (refusal !== undefined) return refusal;
  for (const status of body as ConnectorStatus[]) {
    if (context.state.portalDossiers.has(status.MaHoSo)) {
      context.commit({ kind: "status", data: toHeldStatus(status, context.settings.now()) });
    } else context.commit({ kind: "connector-status", data: status });
  }
  return accepted("Thành công");
};
