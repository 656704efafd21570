import { z } from "zod";
import { agencyCode, procedureCode } from "../identifiers.ts";
import type { Text } from "../text.ts";
import { fieldError, instant, text } from "./fields.ts";

const agency = z.strictObject({ code: agencyCode, name: text(500) });

/** The number of a question at the portal, or the province's own for one of its own bank. */
export const questionId = text(100);

/** A question of the agency's own bank, as `PUT /v1/questions/{id}` takes it (np 2.5, `DongBoHoiDap`). */
export const questionSchema = z
  .strictObject({
    fieldCode: text(100).meta({ description: "National code of the field of work, such as G15-HT01." }),
    content: text(10_000),
    agency,
  })
  .meta({ id: "Question" });

/** A question of the agency's own bank. */
export type Question = z.infer<typeof questionSchema>;

/** An answer to a question that a citizen sent through the portal (np 2.5, `DongBoKetQuaHoiDapGuiTuDVCQG`). */
export const questionAnswerSchema = z
  .strictObject({
    agencyCode,
    officer: z.strictObject({ name: text(500), title: text(500).optional() }),
    answeredAt: instant,
    content: text(10_000),
  })
  .meta({ id: "QuestionAnswer" });

/** An answer to a question. */
export type QuestionAnswer = z.infer<typeof questionAnswerSchema>;

const percent = z.int().min(0).max(100);
const shares = z.strictObject({ verySatisfied: percent, satisfied: percent, notSatisfied: percent });

const MONTH = /^20\d{2}-(?:0[1-9]|1[0-2])$/u;

/** How satisfied people were with one procedure in one month, as `POST /v1/satisfaction` takes it (np 2.5, `DongBoDanhGia`). */
export const satisfactionSchema = z
  .strictObject({
    month: text(7)
      .refine((value) => MONTH.test(value), fieldError("invalid_format"))
      .meta({ example: "2026-10" }),
    procedureCode,
    agency,
    respondents: z.int().min(0).max(100_000_000),
    /** Whole percents of the respondents: how the dossier was handled. */
    handling: shares,
    /** Whole percents of the respondents: the online service. */
    service: shares,
    opinions: z.array(text(2000)).max(200).optional(),
    content: text(10_000).optional(),
  })
  .meta({ id: "Satisfaction" });

/** Satisfaction with one procedure in one month. */
export type Satisfaction = z.infer<typeof satisfactionSchema>;

/** What is implausible about satisfaction and stops nothing, each with its sentence. */
export const SATISFACTION_WARNINGS = {
  shares_not_100: { vi: "Ba tỷ lệ cộng lại không bằng 100%.", en: "The three shares do not add up to 100 percent." },
  shares_of_nobody: {
    vi: "Có tỷ lệ đánh giá nhưng không có người đánh giá.",
    en: "There are shares, but nobody who answered.",
  },
  month_not_over: { vi: "Tháng tổng hợp chưa kết thúc.", en: "The month is not over yet." },
} as const satisfies Record<string, Text>;
