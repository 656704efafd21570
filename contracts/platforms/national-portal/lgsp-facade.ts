/**
 * The national portal behind a province's own LGSP, shape B ("lgsp-facade"), in its own words (np 1.2): one address per
 * operation, no login and no envelope. The objects are those of shape A in wire.ts. Source and confidence: SOURCE.md.
 */
import type { DongBoTrangThaiHoSo, HoSo, TienDo } from "./wire.ts";

/** Body of adding and of updating dossiers: a bare list, one answer for all (np 1.2). */
export type FacadeDossiers = HoSo[];

/** Body of adding progress steps (`DongBoTienTrinh`): a bare list (np 1.2). */
export type FacadeSteps = TienDo[];

/** Body of `DongBoTrangThaiHoSoKM`: the object that shape A sends as `data` (np 1.2, 2.3; that it is bare is a guess). */
export type FacadeStatus = DongBoTrangThaiHoSo["data"];

/**
 * The query of a façade that has one address for both, adding and updating (np 1.2, Hà Giang): the caller's agency code,
 * and whether the dossier is there already.
 */
export interface FacadeWriteQuery {
  MaDinhDanhDV: string;
  isUpdating: "True" | "False";
}

/**
 * Every answer (np 1.1, 1.2, 5.5). A write says in words what became of it. A read answers the whole answer of shape A
 * as JSON **text** inside `message` (`GET LayThuTuc?maTTHC=`, below the address of all reads), to be parsed a second time; `error_code` may be missing then.
 */
export interface FacadeAnswer {
  error_code?: number | string;
  message: string;
}
