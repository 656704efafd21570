import type { DanhGia, HoiDap, TraLoiHoiDap } from "../../contracts/platforms/national-portal/wire-submissions.ts";

/** A change of what the portal holds besides dossiers (np 2.5). */
export type SubmissionEffect =
  | { readonly kind: "questions"; readonly data: readonly HoiDap[] }
  | { readonly kind: "answers"; readonly data: readonly TraLoiHoiDap[] }
  | { readonly kind: "satisfaction"; readonly data: readonly DanhGia[] }
  | { readonly kind: "portal-question"; readonly data: AskedQuestion };

/** A question that a citizen sent through the portal. */
export interface AskedQuestion {
  readonly HOIDAPID: string;
  readonly NOIDUNG: string;
}

/** Questions, answers and satisfaction as the portal holds them. */
export interface HeldSubmissions {
  /** Questions of the agencies' own banks, by `HOIDAPID`. */
  readonly questions: ReadonlyMap<string, HoiDap>;
  /** What citizens asked, by `HOIDAPID`, with all answers in order of arrival. */
  readonly asked: ReadonlyMap<string, AskedQuestion & { readonly answers: readonly TraLoiHoiDap[] }>;
  /** The latest row of each month, procedure and agency. */
  readonly satisfaction: ReadonlyMap<string, DanhGia>;
}

/** Makes an empty one. */
export const createHeldSubmissions = () => {
  const questions = new Map<string, HoiDap>();
  const asked = new Map<string, AskedQuestion & { answers: TraLoiHoiDap[] }>();
  const satisfaction = new Map<string, DanhGia>();

  const apply = (effect: SubmissionEffect): void => {
    switch (effect.kind) {
      case "questions":
        for (const row of effect.data) questions.set(row.HOIDAPID, row);
        break;
      case "answers":
        for (const row of effect.data) asked.get(row.HOIDAPID)?.answers.push(row);
        break;
      case "satisfaction":
        for (const row of effect.data) satisfaction.set(`${row.NgayTongHop} ${row.MaThuTuc} ${row.Madonvi}`, row);
        break;
      case "portal-question":
        if (!asked.has(effect.data.HOIDAPID)) asked.set(effect.data.HOIDAPID, { ...effect.data, answers: [] });
        break;
    }
  };
  const clear = (): void => {
    for (const held of [questions, asked, satisfaction]) held.clear();
  };
  const held: HeldSubmissions = { questions, asked, satisfaction };
  return { held, apply, clear };
};
