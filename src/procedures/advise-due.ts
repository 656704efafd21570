import type { FieldError } from "../../contracts/errors.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import { dayOf } from "../calendar/vietnam-day.ts";
import type { WorkingCalendar } from "../calendar/working-calendar.ts";
import { dueAt } from "../calendar/working-time.ts";
import type { LifeCycleFacts } from "../life-cycle/facts.ts";
import type { BookVersion, ChannelTime } from "./procedure-book.ts";

const HOUR_MS = 3_600_000;
/** Products round: the day counts for limits in days, the hour for limits in hours. */
const agrees = (expected: number, given: number, { unit }: ChannelTime): boolean =>
  unit === "working-hours" ? Math.abs(expected - given) <= HOUR_MS : dayOf(expected) === dayOf(given);

const dateOf = (at: number): string => {
  const [year, month, day] = new Date(at + 7 * HOUR_MS).toISOString().slice(0, 10).split("-");
  return `${day}/${month}/${year}`;
};

const differs = (expected: readonly number[]): FieldError => {
  const days = [...new Set(expected.map(dateOf))].join(", ");
  return {
    field: "dueAt",
    code: "due_at_differs",
    message: {
      vi: `Ngày hẹn trả khác thời hạn giải quyết của thủ tục (theo danh mục: ${days}).`,
      en: `The due date is not the one that the procedure's processing time gives (by the catalogue: ${days}).`,
    },
  };
};

/**
 * Pure: a due date that no processing time of the procedure in the dossier's channel gives (domain section 3.4). Nothing is
 * said where the catalogue has no number, nor once a supplement or an extension may have moved the date.
 */
export const adviseDue = (
  dossier: Dossier,
  version: BookVersion | null,
  facts: LifeCycleFacts | undefined,
  calendar: WorkingCalendar,
): readonly FieldError[] => {
  if (version === null || dossier.dueAt === undefined || version.openChannels.includes(dossier.channel)) return [];
  const moved = (facts?.extensions ?? 0) + (facts?.supplements ?? 0) + (dossier.supplements?.length ?? 0);
  const times = version.times.filter(({ channel }) => channel === dossier.channel);
  if (moved > 0 || times.length === 0) return [];
  const given = Date.parse(dossier.dueAt);
  const expected = times.map((time) => ({ time, at: dueAt(calendar, Date.parse(dossier.receivedAt), time) }));
  return expected.some(({ time, at }) => agrees(at, given, time)) ? [] : [differs(expected.map(({ at }) => at))];
};
