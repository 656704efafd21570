import type {
  DanhGia,
  HoiDap,
  HoiDapGuiTuDVCQG,
  TraLoiHoiDap,
} from "../../contracts/platforms/national-portal/wire-submissions.ts";

/** A change of what the portal holds besides dossiers (np 2.5). */
export type SubmissionEffect =
  | { readonly kind: "questions"; readonly data: readonly HoiDap[] }
  | { readonly kind: "answers"; readonly data: readonly TraLoiHoiDap[] }
  | { readonly kind: "satisfaction"; readonly data: readonly DanhGia[] }
  | { readonly kind: "portal-question"; readonly data: AskedQuestion };

/** A question that a citizen sent through the portal; what is not said is empty, and its state "1". */
export type AskedQuestion = Pick<HoiDapGuiTuDVCQG, "HOIDAPID" | "NOIDUNG"> & Partial<HoiDapGuiTuDVCQG>;

/** Whether it is one. */
export const isAsked = (given: unknown): given is AskedQuestion =>
  typeof given === "object" &&
  given !== null &&
  "HOIDAPID" in given &&
  given.HOIDAPID !== "" &&
  "NOIDUNG" in given &&
  Object.values(given).every((value) => typeof value === "string");

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
        // Told again, it was changed by who asked it.
        asked.set(effect.data.HOIDAPID, { ...effect.data, answers: asked.get(effect.data.HOIDAPID)?.answers ?? [] });
        break;
    }
  };
  const clear = (): void => {
    for (const held of [questions, asked, satisfaction]) held.clear();
  };
  const held: HeldSubmissions = { questions, asked, satisfaction };
  return { held, apply, clear };
};
