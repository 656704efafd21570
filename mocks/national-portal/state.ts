import type { ConnectorStatus, NoiHoSo, UploadedFile } from "../../contracts/platforms/national-portal/connector-v1.ts";
import type { DongBoTrangThaiHoSo, HoSo, TienDo } from "../../contracts/platforms/national-portal/wire.ts";
import type { FiledDossier } from "./filed-dossiers.ts";
import { createHeldSubmissions, type HeldSubmissions, type SubmissionEffect } from "./held-submissions.ts";

/** A change of what the portal holds: applied to the state, and written to a journal by those who want it kept. */
export type Effect = { readonly at: string } & (
  | { readonly kind: "dossiers"; readonly data: readonly HoSo[] }
  | { readonly kind: "steps"; readonly data: readonly TienDo[] }
  | { readonly kind: "status"; readonly data: DongBoTrangThaiHoSo["data"] }
  | { readonly kind: "upload"; readonly data: HeldUpload }
  | { readonly kind: "connector-dossier"; readonly data: ConnectorDossier; readonly hoSo: HoSo }
  | { readonly kind: "connector-status"; readonly data: ConnectorStatus }
  | { readonly kind: "portal-dossier"; readonly data: FiledDossier }
  | { readonly kind: "receipt"; readonly data: readonly string[] }
  | { readonly kind: "cleared" }
  | SubmissionEffect
);

/** A file that was uploaded (np 1.3). */
export interface HeldUpload extends UploadedFile {
  readonly maHoSo: string;
  readonly name: string;
  readonly size: number;
}

/** A dossier in the connector's words, under the id that it was given (np 1.3). */
export interface ConnectorDossier {
  readonly idHoSo: string;
  readonly noiHoSo: NoiHoSo;
}

/** A progress step as it arrived. */
interface HeldStep {
  /** Place among all effects of this portal, from 1. */
  readonly order: number;
  readonly at: string;
  readonly step: TienDo;
  /** The same step had just arrived: a repetition that the sender could not rule out. */
  readonly repeated: boolean;
}

/** A dossier synced by `DongBoHoSoMC`. */
export interface HeldDossier {
  readonly MaHoSo: string;
  /** The latest full object. */
  hoSo: HoSo;
  /** Status of the last object or step that arrived (np 3.1). */
  status: string;
  /** In order of arrival. */
  readonly steps: HeldStep[];
  /** How often the object was replaced after its creation. */
  updates: number;
  readonly createdAt: string;
  changedAt: string;
  /** Place of the last change among all effects. */
  order: number;
}

/** A dossier born on the portal, with the statuses that the province sent for it. */
interface PortalDossier extends FiledDossier {
  /** How often the province said that it has it (np 1.3). */
  receipts: number;
  readonly statuses: { readonly order: number; readonly at: string; readonly data: DongBoTrangThaiHoSo["data"] }[];
}

/** How much the portal holds, and what a witness noticed. */
interface Counts {
  dossiers: number;
  portalDossiers: number;
  steps: number;
  /** Steps equal to the step directly before them in the same dossier. */
  repeatedSteps: number;
  updates: number;
}

/** What the portal holds. */
export interface PortalState {
  readonly dossiers: ReadonlyMap<string, HeldDossier>;
  readonly portalDossiers: ReadonlyMap<string, PortalDossier>;
  /** By `IdTepTin`. */
  readonly uploads: ReadonlyMap<string, HeldUpload>;
  /** What arrived by the connector, by dossier code; each is among `dossiers` too. */
  readonly connectorDossiers: ReadonlyMap<string, ConnectorDossier>;
  /** Questions, answers and satisfaction. */
  readonly submissions: HeldSubmissions;
  readonly counts: Readonly<Counts>;
  /** Takes one change. Never checks: what was refused makes no effect. */
  apply(effect: Effect): void;
}

const sameStep = (a: TienDo, b: TienDo): boolean => {
  const keys = Object.keys(a) as (keyof TienDo)[];
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
};

const NOTHING: Counts = { dossiers: 0, portalDossiers: 0, steps: 0, repeatedSteps: 0, updates: 0 };

/** Makes an empty state. */
export const createState = (): PortalState => {
  const dossiers = new Map<string, HeldDossier>();
  const portalDossiers = new Map<string, PortalDossier>();
  const uploads = new Map<string, HeldUpload>();
  const connectorDossiers = new Map<string, ConnectorDossier>();
  const submissions = createHeldSubmissions();
  const counts = { ...NOTHING };
  let order = 0;

  const putDossier = (hoSo: HoSo, at: string) => {
    const held = dossiers.get(hoSo.MaHoSo);
    const changed = { hoSo, status: hoSo.TrangThaiHoSo, changedAt: at, order };
    if (held !== undefined) {
      Object.assign(held, changed, { updates: held.updates + 1 });
      counts.updates += 1;
      return;
    }
    dossiers.set(hoSo.MaHoSo, { MaHoSo: hoSo.MaHoSo, steps: [], updates: 0, createdAt: at, ...changed });
    counts.dossiers += 1;
  };

  const addStep = (step: TienDo, at: string) => {
    const held = dossiers.get(step.MaHoSo);
    if (held === undefined) return;
    const last = held.steps.at(-1);
    const repeated = last !== undefined && sameStep(last.step, step);
    held.steps.push({ order, at, step, repeated });
    Object.assign(held, { status: step.TrangThai, changedAt: at, order });
    counts.steps += 1;
    if (repeated) counts.repeatedSteps += 1;
  };

  const clear = () => {
    dossiers.clear();
    portalDossiers.clear();
    uploads.clear();
    connectorDossiers.clear();
    submissions.clear();
    Object.assign(counts, NOTHING);
  };

  /** The connector changes a dossier by its status, which may bring fees and results along (np 2.3). */
  const setConnectorStatus = (data: ConnectorStatus, at: string) => {
    const held = dossiers.get(data.MaHoSo);
    if (held === undefined) return;
    const results = data.DanhSachGiayToKetQua?.map((paper) => ({
      TenGiayTo: paper.TenGiayTo,
      MaThanhPhanHoSo: "",
      GiayToId: paper.IdGiayTo,
      DuongDanTepTinKetQua: "",
      MaGiayToKetQua: paper.MaKetQua,
    }));
    const hoSo: HoSo = {
      ...held.hoSo,
      TrangThaiHoSo: String(data.TrangThai),
      ...(data.DanhSachLePhi && { DanhSachLePhi: data.DanhSachLePhi }),
      ...(results && { DanhSachGiayToKetQua: results }),
    };
    putDossier(hoSo, at);
  };

  const addPortalDossier = (dossier: FiledDossier) => {
    if (portalDossiers.has(dossier.MaHoSo)) return;
    portalDossiers.set(dossier.MaHoSo, { ...dossier, receipts: 0, statuses: [] });
    counts.portalDossiers += 1;
  };

  const apply = (effect: Effect) => {
    order += 1;
    switch (effect.kind) {
      case "dossiers":
        for (const hoSo of effect.data) putDossier(hoSo, effect.at);
        break;
      case "steps":
        for (const step of effect.data) addStep(step, effect.at);
        break;
      case "status":
        portalDossiers.get(effect.data.MaHoSo)?.statuses.push({ order, at: effect.at, data: effect.data });
        break;
      case "upload":
        uploads.set(effect.data.IdTepTin, effect.data);
        break;
      case "connector-dossier":
        connectorDossiers.set(effect.data.noiHoSo.MaHoSo, effect.data);
        putDossier(effect.hoSo, effect.at);
        break;
      case "connector-status":
        setConnectorStatus(effect.data, effect.at);
        break;
      case "portal-dossier":
        addPortalDossier(effect.data);
        break;
      case "receipt":
        for (const code of effect.data) {
          const filed = portalDossiers.get(code);
          if (filed !== undefined) filed.receipts += 1;
        }
        break;
      case "cleared":
        clear();
        break;
      default:
        submissions.apply(effect);
    }
  };

  return { dossiers, portalDossiers, uploads, connectorDossiers, submissions: submissions.held, counts, apply };
};
