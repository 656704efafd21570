/** The dossiers and steps of every row: of the size that provinces send (design section 9, "Load to be sized for"). */

/** The `n`-th dossier's code, from 0. */
export const dossierCode = (n: number): string => `H04.15-261120-${String(n).padStart(7, "0")}`;

/** A dossier that every check passes. */
export const dossierBody = (n: number) => ({
  procedureCode: "2.000591",
  procedureName: "Cấp Giấy chứng nhận đủ điều kiện an toàn thực phẩm",
  channel: "counter",
  applicant: {
    type: "citizen",
    name: `Trần Thị Ví Dụ ${n}`,
    identities: [{ kind: "personal-id", value: "001199000001" }],
    phone: "0912345678",
  },
  summary: "Cấp giấy chứng nhận đủ điều kiện an toàn thực phẩm",
  receivedAt: "2026-11-20T09:15:00+07:00",
  dueAt: "2026-11-30T17:00:00+07:00",
  status: "accepted",
  delivery: "counter",
  processingUnit: { code: "H04.15", name: "Sở Công Thương" },
});

/** A progress step that every check passes. */
export const eventBody = (eventId: string) =>
  ({
    eventId,
    status: "processing",
    occurredAt: "2026-11-20T14:10:00+07:00",
    officer: { name: "Lê Văn Mẫu", title: "Chuyên viên" },
    unit: "Phòng Quản lý thương mại",
    content: "Thẩm định hồ sơ, trình lãnh đạo phòng xem xét và ký duyệt kết quả giải quyết thủ tục hành chính.",
    startedAt: "2026-11-20T14:10:00+07:00",
    dueAt: "2026-11-24T17:00:00+07:00",
  }) as const;
