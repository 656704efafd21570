import { expect, test } from "vitest";
import { compareHeld as comparePortal, type ShownDossier, type ShownStep } from "../../mocks/demo/compare-held.ts";
import type { SampleDossier } from "../../mocks/demo/sample-month.ts";

const AT = "2025-04-01T08:30:00+07:00";
const PUT = {
  procedureCode: "1.000001",
  receivedAt: AT,
  applicant: { name: "Trần Thị Ví Dụ" },
  summary: "Cấp giấy",
  status: "returned",
  returnedAt: AT,
};
const compareHeld = (sample: readonly SampleDossier[], dossiers: readonly ShownDossier[]) =>
  comparePortal(sample, { dossiers, portalDossiers: [] });
const event = (n: number) => ({
  status: "processing",
  occurredAt: AT,
  officer: { name: "Lê Văn Mẫu" },
  content: `${n}`,
});

const SENT: SampleDossier = {
  code: "H04.15-250401-0001",
  steps: [...[1, 2, 3].map((n) => ({ at: AT, event: event(n) })), { at: AT, put: PUT }],
};

const step = (n: number): ShownStep => ({
  NguoiXuLy: "Lê Văn Mẫu",
  ThoiDiemXuLy: "20250401083000",
  NoiDungXuLy: `${n}`,
  TrangThai: "4",
});
const held = (steps: readonly number[], status = "10"): ShownDossier => ({
  MaHoSo: SENT.code,
  status,
  hoSo: {
    ChuHoSo: "Trần Thị Ví Dụ",
    TrichYeuHoSo: "Cấp giấy",
    TrangThaiHoSo: "10",
    NgayKetThucXuLy: "",
    NgayTra: "20250401083000",
  },
  steps: steps.map(step),
});

test("what was sent and is held in order has no fault", () => {
  expect(compareHeld([SENT], [held([1, 2, 3])])).toEqual({
    held: 1,
    missing: [],
    outdated: [],
    stepsSent: 3,
    stepsHeld: 3,
    stepsRepeated: 0,
    stepsMissing: [],
    outOfOrder: [],
  });
});

test("a step that arrived again directly after itself is counted and is in order", () => {
  expect(compareHeld([SENT], [held([1, 2, 2, 3, 3])])).toMatchObject({
    stepsHeld: 3,
    stepsRepeated: 2,
    stepsMissing: [],
    outOfOrder: [],
  });
});

test.for([[[2, 1, 3]], [[1, 3, 2]], [[1, 2, 3, 1]], [[1, 2, 3, 9]]])("steps %j are out of order", ([steps]) => {
  expect(compareHeld([SENT], [held(steps ?? [])]).outOfOrder).toEqual([SENT.code]);
});

test("a step that did not arrive is missing", () => {
  expect(compareHeld([SENT], [held([1, 2])])).toMatchObject({
    stepsHeld: 2,
    stepsMissing: [SENT.code],
    outOfOrder: [],
  });
});

test("a dossier that is not held is missing with all its steps, and others do not count", () => {
  const other = { ...held([1, 2, 3]), MaHoSo: "H04.15-250401-0002" };
  expect(compareHeld([SENT], [other])).toMatchObject({
    held: 0,
    missing: [SENT.code],
    stepsHeld: 0,
    stepsMissing: [SENT.code],
  });
});

test("a dossier that is not as put last, or shows another status, is outdated", () => {
  const older = held([1, 2, 3]);
  expect(compareHeld([SENT], [{ ...older, hoSo: { ...older.hoSo, NgayTra: "" } }]).outdated).toEqual([SENT.code]);
  expect(compareHeld([SENT], [held([1, 2, 3], "4")]).outdated).toEqual([SENT.code]);
});

const BORN: SampleDossier = { ...SENT, portalCode: "G22.99-250401-0001" };
const told = (...statuses: readonly (readonly [content: string, code: string])[]) => ({
  dossiers: [],
  portalDossiers: [
    {
      MaHoSo: "G22.99-250401-0001",
      statuses: statuses.map(([NoiDung, TrangThai]) => ({ data: { MaHoSoDonVi: SENT.code, NoiDung, TrangThai } })),
    },
  ],
});
const ALL = [
  ["1", "2"],
  ["2", "2"],
  ["3", "2"],
  ["Cấp giấy", "2"],
] as const;

test("a dossier that was filed at the portal is held by the statuses that it was told, each put and each step one", () => {
  expect(comparePortal([BORN], told(...ALL))).toEqual({
    held: 1,
    missing: [],
    outdated: [],
    stepsSent: 4,
    stepsHeld: 4,
    stepsRepeated: 0,
    stepsMissing: [],
    outOfOrder: [],
  });
});

test("of a dossier that was filed at the portal, a status that is missing, or comes before its turn, is named", () => {
  const [first, second, third] = ALL;
  expect(comparePortal([BORN], told(first, second, third))).toMatchObject({ outdated: [SENT.code], stepsHeld: 3 });
  expect(comparePortal([BORN], told(second, first))).toMatchObject({ outOfOrder: [SENT.code] });
  expect(comparePortal([BORN], told())).toMatchObject({ held: 0, missing: [SENT.code] });
});
