import type {
  CapNhatTienDoHoSoMC,
  DongBoHoSoMC,
  DongBoTrangThaiHoSo,
} from "../../contracts/platforms/national-portal/wire.ts";
import { type Answer, accepted } from "./answer.ts";
import { type CheckContext, checkIdentities, checkObject, isJson, type Json } from "./checks.ts";
import { HO_SO, TIEN_DO, TRANG_THAI } from "./fields.ts";
import type { ProcedureCatalogue } from "./procedures.ts";
import { type Refusal, refuse } from "./refusals.ts";
import type { PortalSettings } from "./settings.ts";
import type { Effect, PortalState } from "./state.ts";

type WithoutTime<E> = E extends unknown ? Omit<E, "at"> : never;

/** What a service may see and do. */
export interface ServiceContext {
  readonly settings: PortalSettings;
  readonly state: PortalState;
  readonly catalogue: ProcedureCatalogue;
  readonly checks: CheckContext;
  /** Makes an effect: kept first, then seen. */
  readonly commit: (effect: WithoutTime<Effect>) => void;
}

/** Serves one call, or says why not. */
export type Serve = (body: Json, context: ServiceContext) => Answer | Refusal;

/** One service of the portal. */
export interface ServiceRow {
  readonly endpoint: "integration" | "share";
  readonly serve: Serve;
}

const filled = (value: unknown): value is string => typeof value === "string" && value !== "";

/** `data` as a list of objects that each pass `check`; np 6.4: one answer for all, so all or nothing. */
export const readList = (data: unknown, check: (row: Json) => Refusal | undefined): Refusal | undefined => {
  if (!Array.isArray(data) || data.length === 0 || !data.every(isJson)) return refuse("data", "phải là danh sách");
  for (const row of data) {
    const refusal = check(row);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

/** np 1.1: `isUpdating` decides between create and update; a portal-born dossier has its own service (np 6.11). */
const checkPresence = (body: DongBoHoSoMC, { state }: ServiceContext): Refusal | undefined => {
  const updating = body.isUpdating === "True";
  const seen = new Set<string>();
  for (const { MaHoSo } of body.data) {
    if (state.portalDossiers.has(MaHoSo)) return refuse("ownOrigin", MaHoSo);
    const held = state.dossiers.has(MaHoSo);
    if (updating && !held) return refuse("notHeld", MaHoSo);
    if (!updating && (held || seen.has(MaHoSo))) return refuse("exists", MaHoSo);
    seen.add(MaHoSo);
  }
  return undefined;
};

const syncDossiers: Serve = (body, context) => {
  if (body["isUpdating"] !== "True" && body["isUpdating"] !== "False") return refuse("isUpdating");
  const refusal = readList(body["data"], (row) => checkObject(row, HO_SO, context.checks) ?? checkIdentities(row));
  if (refusal !== undefined) return refusal;
  // Field by field the checks above have seen that it is one; from here on the wire type may be believed.
  const call = body as unknown as DongBoHoSoMC;
  const unknown = call.data.find((hoSo) => !context.catalogue.has(hoSo.MaTTHC));
  if (unknown !== undefined) return refuse("procedure", unknown.MaTTHC);
  const misplaced = checkPresence(call, context);
  if (misplaced !== undefined) return misplaced;
  context.commit({ kind: "dossiers", data: call.data });
  return accepted("Đồng bộ hồ sơ thành công");
};

const addSteps: Serve = (body, context) => {
  const refusal = readList(body["data"], (row) => checkObject(row, TIEN_DO, context.checks));
  if (refusal !== undefined) return refusal;
  // Checked field by field above.
  const { data } = body as unknown as CapNhatTienDoHoSoMC;
  if (data.length > context.settings.maxStepsPerCall) return refuse("tooManySteps", String(data.length));
  const orphan = data.find((step) => !context.state.dossiers.has(step.MaHoSo));
  if (orphan !== undefined) return refuse("notHeld", orphan.MaHoSo);
  context.commit({ kind: "steps", data });
  return accepted("Cập nhật tiến độ thành công");
};

const setStatus: Serve = (body, context) => {
  if (body["type"] !== "2") return refuse("type");
  if (!isJson(body["data"])) return refuse("data", "phải là một đối tượng");
  const refusal = checkObject(body["data"], TRANG_THAI, context.checks);
  if (refusal !== undefined) return refusal;
  // Checked field by field above.
  const { data } = body as unknown as DongBoTrangThaiHoSo;
  if (!context.state.portalDossiers.has(data.MaHoSo)) return refuse("notPortalBorn", data.MaHoSo);
  context.commit({ kind: "status", data });
  return accepted("Đồng bộ trạng thái hồ sơ thành công");
};

const findDossier: Serve = (body, { state, settings }) => {
  const code = body["mahoso"];
  if (!filled(code)) return refuse("parameter", "mahoso");
  const held = state.dossiers.get(code);
  if (held === undefined && !state.portalDossiers.has(code)) return accepted("", { result: [] });
  const status =
    settings.lookupStatusKey === undefined || held === undefined ? {} : { [settings.lookupStatusKey]: held.status };
  return accepted("", { result: [{ MAHOSO: code, ...status }] });
};

const readProcedure: Serve = (body, { catalogue }) => {
  const code = body["maTTHC"];
  if (!filled(code)) return refuse("parameter", "maTTHC");
  const row = catalogue.find(code);
  return accepted("", { result: row === undefined ? [] : [row] });
};

const listProcedures: Serve = (_body, { catalogue }) => accepted("", { result: catalogue.list() });

/** The services about dossiers and procedures (np 2.1). */
export const DOSSIER_SERVICES: readonly (readonly [string, ServiceRow])[] = [
  ["DongBoHoSoMC", { endpoint: "integration", serve: syncDossiers }],
  ["CapNhatTienDoHoSoMC", { endpoint: "integration", serve: addSteps }],
  ["DongBoTrangThaiHoSo", { endpoint: "integration", serve: setStatus }],
  ["TraCuuHoSo", { endpoint: "integration", serve: findDossier }],
  ["LayThuTuc", { endpoint: "integration", serve: readProcedure }],
  ["LayDanhSachTTHC", { endpoint: "share", serve: listProcedures }],
];
