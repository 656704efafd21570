import { expect, test } from "vitest";
import { DEFAULT_WEEK_HOURS } from "../../contracts/services/calendar.ts";
import { createWorkingCalendar } from "../../src/calendar/working-calendar.ts";
import { addWorkingDays } from "../../src/calendar/working-time.ts";
import { workingDaysBefore } from "../../src/look-ups/working-days-before.ts";
import { dossierBody } from "../gateway-scene.ts";
import { codeOf } from "../http/api-scene.ts";
import { lookupBody, openLookUpScene } from "./look-up-scene.ts";

test("so many working days before a moment are found over a weekend and over Tết", () => {
  const calendar = createWorkingCalendar(DEFAULT_WEEK_HOURS, []);
  for (const now of ["2026-11-23T10:00:00+07:00", "2026-02-23T16:00:00+07:00", "2026-03-04T09:30:00+07:00"]) {
    const before = workingDaysBefore(calendar, Date.parse(now), 3);
    expect(addWorkingDays(calendar, before, 3)).toBeLessThanOrEqual(Date.parse(now));
    expect(addWorkingDays(calendar, before + 2000, 3)).toBeGreaterThan(Date.parse(now) - 1);
  }
  // Wednesday 10:00 to Monday 10:00: Thursday, Friday, Monday.
  const monday = workingDaysBefore(calendar, Date.parse("2026-11-23T10:00:00+07:00"), 3);
  expect(Math.abs(monday - Date.parse("2026-11-18T10:00:00+07:00"))).toBeLessThanOrEqual(1000);
});

test("an intake whose dossier has not appeared in three working days is listed until it is put", async () => {
  // Records are dated by the database's clock; this one looks at them three weeks later.
  let shift = 0;
  const scene = await openLookUpScene({ now: () => new Date(Date.now() + shift) });
  try {
    await scene.mirror("2.000591");
    const token = await scene.officer();
    const intake = lookupBody({ purpose: "intake-verification" });
    expect((await scene.lookUp(intake, { token })).status).toBe(200);
    expect(await scene.records("missingDossier=true")).toEqual([]);
    shift = 21 * 24 * 3_600_000;
    const admin = await scene.gateway.accesses.list({ missingDossier: true }, { limit: 50, boundary: "H04" });
    expect(admin.items.map(({ dossierCode }) => dossierCode)).toEqual([codeOf(1)]);
    shift = 0;
    await scene.call("PUT", `/v1/dossiers/${codeOf(1)}`, dossierBody());
    shift = 21 * 24 * 3_600_000;
    expect((await scene.gateway.accesses.list({ missingDossier: true }, { limit: 50, boundary: "H04" })).items).toEqual(
      [],
    );
  } finally {
    await scene.close();
  }
});
