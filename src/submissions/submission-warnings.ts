import { vietnamDate } from "../../contracts/identifiers/vietnam-date.ts";
import type { SubmissionAccepted } from "../../contracts/services/submission-views.ts";
import { SATISFACTION_WARNINGS, type Satisfaction } from "../../contracts/services/submissions.ts";
import type { Language } from "../../contracts/text.ts";
import type { SubmissionMessage } from "../ledger/open-message.ts";

type Found = readonly [code: keyof typeof SATISFACTION_WARNINGS, field: string];

const ofShares = (field: "handling" | "service", satisfaction: Satisfaction): Found[] => {
  const { verySatisfied, satisfied, notSatisfied } = satisfaction[field];
  const sum = verySatisfied + satisfied + notSatisfied;
  if (satisfaction.respondents === 0) return sum === 0 ? [] : [["shares_of_nobody", field]];
  return sum === 100 ? [] : [["shares_not_100", field]];
};

/** What is implausible about a submission, none of which stops it. */
export const submissionWarnings = (
  message: SubmissionMessage,
  now: Date,
  language: Language,
): SubmissionAccepted["warnings"] => {
  if (message.operation !== "satisfaction.put") return [];
  const { satisfaction } = message;
  const isOver = satisfaction.month < vietnamDate(now).slice(0, 7);
  const found: Found[] = [
    ...ofShares("handling", satisfaction),
    ...ofShares("service", satisfaction),
    ...(isOver ? [] : [["month_not_over", "month"] as const]),
  ];
  return found.map(([code, field]) => ({ code, field, message: SATISFACTION_WARNINGS[code][language] }));
};
