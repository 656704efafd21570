import { expect, test } from "vitest";
import { judgeEvent } from "../../src/life-cycle/judge-event.ts";
import { judgePut } from "../../src/life-cycle/judge-put.ts";
import { refusalOf } from "../../src/life-cycle/refusal.ts";
import { transferDeadline } from "../../src/life-cycle/transfer-deadline.ts";
import { at, calendarWith, shown } from "../calendar/calendars.ts";
import { brokenBy, putOf, rulebookWith, stepOf, storedLife } from "./life-scene.ts";

const rules = rulebookWith();
const CODE = "H04.15-261120-0001";
const EXTENSION = { kind: "extension", reason: "chờ ý kiến", newDueAt: "2026-12-07T17:00:00+07:00" };
const step = (parts: Readonly<Record<string, unknown>>, stored = storedLife()) =>
  brokenBy(judgeEvent(stepOf(parts), stored, rules));

test("a step that goes its usual way breaks no rule", () => {
  expect(step({ occurredAt: "2026-11-23T08:00:00+07:00" })).toEqual([]);
});

test("a step before the receipt is found, one at its very moment is not", () => {
  expect(step({ occurredAt: "2026-11-20T09:14:59+07:00" })).toEqual(["step_before_receipt occurredAt"]);
  expect(step({ occurredAt: "2026-11-20T02:15:00Z" })).toEqual([]);
});

test.each([
  ["2026-11-27T17:00:00+07:00", []],
  ["2026-11-27T17:00:01+07:00", ["late_extension occurredAt"]],
  ["2026-11-28T09:00:00+07:00", ["late_extension occurredAt"]],
  ["2026-11-30T08:00:00+07:00", ["late_extension occurredAt"]],
])("an extension noticed at %s for a due date on Monday 30 November: %s", (occurredAt, expected) => {
  expect(step({ ...EXTENSION, occurredAt })).toEqual(expected);
});

test("a late extension with a reason of its own is no longer late, a second one stays a second one", () => {
  const late = { ...EXTENSION, occurredAt: "2026-11-30T08:00:00+07:00", overrideReason: "bão lụt" };
  expect(step(late)).toEqual([]);
  const extended = storedLife({ facts: { extensions: 1, supplements: 0, dueAt: "2026-12-07T17:00:00+07:00" } });
  expect(step(late, extended)).toEqual(["repeated_extension kind"]);
});

test("without a due date no extension is late", () => {
  const unknown = storedLife({ putDueAt: null, facts: { extensions: 0, supplements: 0 } });
  expect(step({ ...EXTENSION, occurredAt: "2027-11-30T08:00:00+07:00" }, unknown)).toEqual([]);
});

test.each([
  ["2026-11-20 09:15", "2026-11-20 17:00", "in the morning"],
  ["2026-11-20 15:00", "2026-11-20 17:00", "at 15:00 sharp"],
  ["2026-11-20 15:00:01", "2026-11-23 08:30", "after 15:00 on a Friday"],
  ["2026-11-20 17:30", "2026-11-23 08:30", "after closing"],
  ["2026-11-21 10:00", "2026-11-23 17:00", "on a Saturday"],
  ["2026-02-13 15:30", "2026-02-23 08:30", "after 15:00 on the last day before Tết"],
])("what is received at %s is to be passed on by %s (%s)", (received, limit) => {
  expect(shown(transferDeadline(calendarWith(), at(received)))).toBe(limit);
});

test("only the first transfer is measured against the receipt", () => {
  const transfer = { kind: "transfer", occurredAt: "2026-11-20T17:00:01+07:00" };
  expect(step(transfer, storedLife({ status: "accepted" }))).toEqual(["late_transfer occurredAt"]);
  expect(step({ ...transfer, occurredAt: "2026-11-20T17:00:00+07:00" }, storedLife({ status: "accepted" }))).toEqual(
    [],
  );
  expect(step(transfer)).toEqual([]);
});

test("a second supplement is found, also when only the status tells of it", () => {
  const asked = storedLife({ facts: { extensions: 0, supplements: 1 } });
  expect(step({ kind: "supplement-request", status: "supplement-required" }, asked)).toEqual([
    "repeated_supplement kind",
  ]);
  expect(step({ status: "supplement-required" }, asked)).toEqual(["repeated_supplement status"]);
  expect(step({ status: "supplement-required" })).toEqual([]);
});

test("a put and a step that tell of one supplement are one supplement", () => {
  const byPut = storedLife({ status: "supplement-required", facts: { extensions: 0, supplements: 1 } });
  const request = { kind: "supplement-request", status: "supplement-required" };
  expect(step(request, byPut)).toEqual([]);
  const told = storedLife({
    status: "supplement-required",
    facts: { extensions: 0, supplements: 1, requestTold: true },
  });
  expect(step(request, told)).toEqual(["repeated_supplement kind"]);
});

test("a slip of another status is found at its form, and not accepting without a reason at the reason", () => {
  const slip = { form: "Mẫu 05", number: "1", issuedAt: "2026-11-20T14:00:00+07:00" };
  expect(step({ slip })).toEqual(["slip_mismatch slip.form"]);
  const submitted = storedLife({ status: "submitted" });
  expect(step({ status: "not-accepted" }, submitted)).toEqual(["reason_missing reason"]);
  expect(step({ status: "not-accepted", reason: "thiếu thành phần" }, submitted)).toEqual([]);
});

test("several broken rules are found at once, and each has a sentence in both languages", () => {
  const findings = judgeEvent(
    stepOf({ kind: "transfer", status: "finished", occurredAt: "2026-11-19T08:00:00+07:00" }),
    storedLife({ status: "accepted" }),
    rules,
  );
  expect(brokenBy(findings)).toEqual([
    "unusual_transition status",
    "kind_status_mismatch kind",
    "step_before_receipt occurredAt",
  ]);
  for (const { message } of findings) {
    expect(message.en).toMatch(/^[\x20-\x7e]{10,}\.$/u);
    expect(message.vi).not.toBe(message.en);
  }
});

test("a correction may go anywhere, but not before the receipt", () => {
  const correction = { kind: "correction", reason: "nhập nhầm", status: "processing" };
  expect(step(correction, storedLife({ status: "returned" }))).toEqual([]);
  expect(step({ ...correction, occurredAt: "2026-11-01T08:00:00+07:00" })).toEqual(["step_before_receipt occurredAt"]);
});

test("a dossier filed at the counter or by post does not begin as submitted, one filed online does", () => {
  const first = (channel: string, status: string) =>
    brokenBy(judgePut(CODE, putOf({ channel, status }), undefined, rules));
  expect(first("counter", "submitted")).toEqual(["unusual_transition status"]);
  expect(first("post", "submitted")).toEqual(["unusual_transition status"]);
  expect(first("online", "submitted")).toEqual([]);
  expect(first("counter", "returned")).toEqual([]);
});

test("a put is judged by its moments, its supplements and its reason too", () => {
  const parts = {
    status: "not-accepted",
    refusedAt: "2026-11-20T09:00:00+07:00",
    supplements: [1, 2].map((n) => ({
      id: `s${n}`,
      requestedBy: "Lê Văn Mẫu",
      content: "bổ sung",
      requestedAt: "2026-11-20T10:00:00+07:00",
      status: "1",
    })),
  };
  expect(brokenBy(judgePut(CODE, putOf(parts), storedLife({ status: "submitted" }), rules))).toEqual([
    "step_before_receipt refusedAt",
    "repeated_supplement supplements",
    "reason_missing returnNote",
  ]);
});

test("the policy turns into a refusal what it names, all of it at once, and nothing else", () => {
  const findings = judgeEvent(
    stepOf({ kind: "transfer", status: "finished", occurredAt: "2026-11-19T08:00:00+07:00" }),
    storedLife({ status: "accepted" }),
    rules,
  );
  expect(refusalOf(findings, rules.policy)).toBeNull();
  const strict = { ...rules.policy.rules, unusual_transition: "refuse", step_before_receipt: "refuse" } as const;
  const refusal = refusalOf(findings, { ...rules.policy, rules: strict });
  expect(refusal?.code).toBe("lifecycle_refused");
  expect(refusal?.evidence.errors?.map(({ field, code }) => `${field} ${code}`)).toEqual([
    "status unusual_transition",
    "occurredAt step_before_receipt",
  ]);
});
