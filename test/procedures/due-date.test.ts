import { describe, expect, test } from "vitest";
import { DEFAULT_WEEK_HOURS } from "../../contracts/services/calendar.ts";
import type { Dossier } from "../../contracts/services/dossier.ts";
import type { DossierAccepted } from "../../contracts/services/dossier-views.ts";
import { createWorkingCalendar } from "../../src/calendar/working-calendar.ts";
import { adviseDue } from "../../src/procedures/advise-due.ts";
import type { BookVersion, ChannelTime } from "../../src/procedures/procedure-book.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { openProcedureScene } from "./procedure-scene.ts";

const CALENDAR = createWorkingCalendar(DEFAULT_WEEK_HOURS, []);

const version = (
  times: readonly Omit<ChannelTime, "channel">[],
  openChannels: readonly string[] = [],
): BookVersion => ({
  from: 0,
  hasNoResult: false,
  times: times.map((time) => ({ channel: "online", ...time })),
  openChannels,
});

/** Received on Friday 20 November 2026 at 09:15. */
const dossier = (dueAt: string | undefined, parts: Partial<Dossier> = {}): Dossier =>
  dossierBody({ dueAt, ...parts }) as unknown as Dossier;

const FIVE_DAYS = version([{ unit: "working-days", amount: 5 }]);

const warns = (given: Dossier, known: BookVersion | null, facts?: Parameters<typeof adviseDue>[2]): boolean =>
  adviseDue(given, known, facts, CALENDAR).length > 0;

describe("a due date is judged by the processing time of its channel", () => {
  test.each([
    ["working days, to the day", FIVE_DAYS, "2026-11-27T17:00:00+07:00", false],
    ["working days, a day late", FIVE_DAYS, "2026-11-28T09:15:00+07:00", true],
    ["working days, a day early", FIVE_DAYS, "2026-11-26T09:15:00+07:00", true],
    ["half a day", version([{ unit: "working-days", amount: 0.5 }]), "2026-11-20T14:45:00+07:00", false],
    [
      "working hours, within the hour",
      version([{ unit: "working-hours", amount: 8 }]),
      "2026-11-23T10:00:00+07:00",
      false,
    ],
    ["working hours, beyond it", version([{ unit: "working-hours", amount: 8 }]), "2026-11-23T17:00:00+07:00", true],
    [
      "days of the calendar, moved off Sunday",
      version([{ unit: "days", amount: 9 }]),
      "2026-11-30T17:00:00+07:00",
      false,
    ],
    [
      "one of two cases",
      version([...FIVE_DAYS.times, { unit: "days", amount: 3 }]),
      "2026-11-23T17:00:00+07:00",
      false,
    ],
    ["a case that nobody can reckon", version(FIVE_DAYS.times, ["online"]), "2026-12-31T17:00:00+07:00", false],
    [
      "another channel alone",
      { ...FIVE_DAYS, times: [{ channel: "post", unit: "days", amount: 1 }] } as const,
      "2026-12-31T17:00:00+07:00",
      false,
    ],
    ["no catalogue", null, "2026-12-31T17:00:00+07:00", false],
  ] as const)("%s", (_, known, dueAt, expected) => {
    expect(warns(dossier(dueAt), known)).toBe(expected);
  });

  test("nothing is said without a due date, nor once it may have moved", () => {
    const late = dossier("2026-12-31T17:00:00+07:00");
    expect(warns(dossier(undefined), FIVE_DAYS)).toBe(false);
    expect(warns(late, FIVE_DAYS, { extensions: 1, supplements: 0 })).toBe(false);
    expect(warns(late, FIVE_DAYS, { extensions: 0, supplements: 1 })).toBe(false);
    expect(warns(late, FIVE_DAYS, { extensions: 0, supplements: 0 })).toBe(true);
  });
});

test("a due date that differs is warned of with the day it should be, and never refused", async () => {
  const scene = await openProcedureScene();
  try {
    await scene.refresh();
    const put = async (dueAt: string) => {
      const answer = await scene.call<DossierAccepted>("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody({ dueAt }));
      expect(answer.status).toBe(202);
      return answer.body.warnings.filter(({ code }) => code === "due_at_differs");
    };
    const [warning] = await put("2026-11-30T17:00:00+07:00");
    expect(warning).toMatchObject({ field: "dueAt", message: expect.stringContaining("18/12/2026") });
    expect(await put("2026-12-18T17:00:00+07:00")).toEqual([]);
  } finally {
    await scene.close();
  }
});
