import { describe, expect, test } from "vitest";
import { DOSSIER_STATUSES, dossierEventSchema, dossierSchema, EVENT_KINDS } from "../../contracts/services/dossier.ts";
import { faults } from "./faults.ts";

const DOSSIER = {
  procedureCode: "1.005129",
  channel: "online",
  applicant: { type: "citizen", name: "Trần Thị Ví Dụ", identities: [{ kind: "personal-id", value: "099205000001" }] },
  summary: "Cấp bản sao thử nghiệm",
  receivedAt: "2026-11-20T09:15:00+07:00",
  status: "accepted",
  delivery: "counter",
  processingUnit: { name: "Sở Thử Nghiệm" },
};

const EVENT = {
  eventId: "e1",
  status: "processing",
  occurredAt: "2026-11-20T14:10:00+07:00",
  officer: { name: "Lê Văn Mẫu" },
  content: "Thẩm định hồ sơ",
};

describe("a dossier and its steps", () => {
  test("a dossier's time without offset is refused at its field", () => {
    expect(faults(dossierSchema, { ...DOSSIER, receivedAt: "2026-11-20T09:15:00" })).toEqual([
      "receivedAt offset_required",
    ]);
    expect(faults(dossierSchema, { ...DOSSIER, dueAt: "2026-11-20" })).toEqual(["dueAt invalid_instant"]);
    expect(faults(dossierEventSchema, { ...EVENT, occurredAt: "2026-11-20T14:10:00" })).toEqual([
      "occurredAt offset_required",
    ]);
  });

  test("texts are brought to NFC and refused with control characters, wherever they stand", () => {
    const name = DOSSIER.applicant.name.normalize("NFD");
    expect(name).not.toBe(DOSSIER.applicant.name);
    expect(dossierSchema.parse({ ...DOSSIER, applicant: { ...DOSSIER.applicant, name } })).toEqual(DOSSIER);
    expect(faults(dossierSchema, { ...DOSSIER, summary: "a\u0000b" })).toEqual(["summary control_character"]);
    expect(faults(dossierEventSchema, { ...EVENT, officer: { name: "a\rb" } })).toEqual([
      "officer.name control_character",
    ]);
  });
});

describe("a dossier", () => {
  test("needs its required fields and no more", () => {
    expect(dossierSchema.parse(DOSSIER)).toEqual(DOSSIER);
    for (const field of Object.keys(DOSSIER)) {
      expect(faults(dossierSchema, { ...DOSSIER, [field]: undefined }).join(), field).toMatch(
        new RegExp(`^${field} invalid_`, "u"),
      );
    }
  });

  test("an unknown field is refused and named, also deep inside", () => {
    const unknown = (value: unknown) =>
      dossierSchema
        .safeParse(value)
        .error?.issues.map((issue) => [issue.code, issue.path, "keys" in issue ? issue.keys : []]);
    expect(unknown({ ...DOSSIER, MaHoSo: "x" })).toEqual([["unrecognized_keys", [], ["MaHoSo"]]]);
    expect(unknown({ ...DOSSIER, applicant: { ...DOSSIER.applicant, phones: [] } })).toEqual([
      ["unrecognized_keys", ["applicant"], ["phones"]],
    ]);
    expect(
      unknown({
        ...DOSSIER,
        applicant: { ...DOSSIER.applicant, identities: [{ kind: "passport", value: "C1", country: "VN" }] },
      }),
    ).toEqual([["unrecognized_keys", ["applicant", "identities", 0], ["country"]]]);
  });

  test("has the ten status words in national order and takes no other", () => {
    expect(DOSSIER_STATUSES).toEqual([
      "submitted",
      "accepted",
      "not-accepted",
      "processing",
      "supplement-required",
      "payment-required",
      "withdrawn",
      "stopped",
      "finished",
      "returned",
    ]);
    for (const status of DOSSIER_STATUSES) expect(dossierSchema.parse({ ...DOSSIER, status }).status).toBe(status);
    for (const status of ["4", 4, "Processing", "done", "", null]) {
      expect(faults(dossierSchema, { ...DOSSIER, status }), String(status)).toEqual(["status invalid_value"]);
    }
  });

  test("names the code of a malformed procedure, agency or identity", () => {
    expect(faults(dossierSchema, { ...DOSSIER, procedureCode: "x" })).toEqual(["procedureCode invalid_procedure_code"]);
    expect(faults(dossierSchema, { ...DOSSIER, processingUnit: { name: "Sở", code: "Sở A" } })).toEqual([
      "processingUnit.code invalid_agency_code",
    ]);
    const identities = [
      { kind: "personal-id", value: "099205000001" },
      { kind: "enterprise-code", value: "0312345678" },
    ];
    expect(faults(dossierSchema, { ...DOSSIER, applicant: { ...DOSSIER.applicant, identities } })).toEqual([
      "applicant.identities.1.value wrong_check_digit",
    ]);
    const submitter = { name: "A", relation: "self", identities: [{ kind: "old-id", value: "1" }] };
    expect(faults(dossierSchema, { ...DOSSIER, submitter })).toEqual(["submitter.identities.0.value invalid_old_id"]);
  });

  test("keeps its codes as written", () => {
    const put = {
      ...DOSSIER,
      procedureCode: "1.003560.000.00.00.H56",
      processingUnit: { name: "Sở", code: "000.00.12.H56" },
    };
    expect(dossierSchema.parse(put)).toEqual(put);
  });
});

describe("a progress step", () => {
  test("needs its required fields and no more", () => {
    expect(dossierEventSchema.parse(EVENT)).toEqual(EVENT);
    for (const field of Object.keys(EVENT)) {
      expect(faults(dossierEventSchema, { ...EVENT, [field]: undefined }).join(), field).toMatch(
        new RegExp(`^${field} invalid_`, "u"),
      );
    }
  });

  test("refuses unknown fields, kinds and status words", () => {
    expect(faults(dossierEventSchema, { ...EVENT, note: "x" })).toEqual(["unrecognized_keys"]);
    expect(faults(dossierEventSchema, { ...EVENT, kind: "pause" })).toEqual(["kind invalid_value"]);
    expect(faults(dossierEventSchema, { ...EVENT, status: "paused" })).toEqual(["status invalid_value"]);
  });

  test("an extension, refusal, stop or correction needs a reason, the other kinds do not", () => {
    const needsReason = ["extension", "refusal", "stop", "correction"];
    for (const kind of [undefined, ...EVENT_KINDS]) {
      const event = { ...EVENT, kind, newDueAt: "2026-12-01T17:00:00+07:00" };
      const expected = needsReason.includes(kind ?? "step") ? ["reason required"] : [];
      expect(faults(dossierEventSchema, event), String(kind)).toEqual(expected);
      expect(faults(dossierEventSchema, { ...event, reason: "Thiếu ý kiến" }), String(kind)).toEqual([]);
    }
  });

  test("only an extension needs the new due time", () => {
    for (const kind of [undefined, ...EVENT_KINDS]) {
      const expected = kind === "extension" ? ["newDueAt required"] : [];
      expect(faults(dossierEventSchema, { ...EVENT, kind, reason: "Thiếu ý kiến" }), String(kind)).toEqual(expected);
    }
    expect(faults(dossierEventSchema, { ...EVENT, kind: "extension" })).toEqual([
      "reason required",
      "newDueAt required",
    ]);
    expect(
      faults(dossierEventSchema, { ...EVENT, kind: "extension", reason: "x", newDueAt: "2026-12-01T17:00:00" }),
    ).toEqual(["newDueAt offset_required"]);
  });
});
