import { DEFAULT_WEEK_HOURS } from "../../contracts/services/calendar.ts";
import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";
import { completePolicy, type RefusalEnd } from "../../contracts/services/life-cycle.ts";
import { createWorkingCalendar } from "../../src/calendar/working-calendar.ts";
import { type AgencyCodeRow, createAgencyRegister } from "../../src/life-cycle/agency-codes/agency-register.ts";
import type { StoredLife } from "../../src/life-cycle/facts.ts";
import type { Finding } from "../../src/life-cycle/finding.ts";
import type { Rulebook } from "../../src/life-cycle/rulebook/rulebook.ts";
import { createProcedureBook } from "../../src/procedures/procedure-book.ts";
import { dossierBody, eventBody } from "../gateway-scene.ts";

/** The rules of the product, with what a test changes. */
export const rulebookWith = ({
  refusal = "stopped",
  codes = [],
}: {
  refusal?: RefusalEnd;
  codes?: readonly AgencyCodeRow[];
} = {}): Rulebook => ({
  version: "test",
  policy: completePolicy({ rules: {}, refusalAfterReview: refusal }),
  calendar: createWorkingCalendar(DEFAULT_WEEK_HOURS, []),
  agencies: createAgencyRegister(codes),
  procedures: createProcedureBook([], []),
});

/** A dossier received on Friday 20 November 2026 at 09:15 and due on Monday 30 November at 17:00. */
export const storedLife = (parts: Partial<StoredLife> = {}): StoredLife => ({
  status: "processing",
  receivedAt: Date.parse("2026-11-20T09:15:00+07:00"),
  putDueAt: Date.parse("2026-11-30T17:00:00+07:00"),
  facts: { extensions: 0, supplements: 0, dueAt: "2026-11-30T17:00:00+07:00" },
  ...parts,
});

/** A step as sent. */
export const stepOf = (parts: Readonly<Record<string, unknown>> = {}): DossierEvent =>
  eventBody("e1", parts) as unknown as DossierEvent;

/** A dossier as put. */
export const putOf = (parts: Readonly<Record<string, unknown>> = {}): Dossier =>
  dossierBody(parts) as unknown as Dossier;

/** Rule and field of each broken rule. */
export const brokenBy = (findings: readonly Finding[]): string[] =>
  findings.map(({ rule, field }) => `${rule} ${field}`);
