import type { Message } from "../../../contracts/adapter.ts";
import type { Dossier, DossierEvent } from "../../../contracts/services/dossier.ts";

/** The dossier of np 5.2 in our words. */
export const dossier: Dossier = {
  procedureCode: "1.000001.H99",
  channel: "online",
  applicant: {
    type: "citizen",
    name: "Trần Thị Ví Dụ",
    portalAccountId: "tech-000001",
    identities: [{ kind: "personal-id", value: "001099000001" }],
    email: "vidu@example.vn",
    phone: "0900000000",
  },
  summary: "Xin cấp bản sao",
  submittedAt: "2026-11-20T08:05:00+07:00",
  receivedAt: "2026-11-20T09:15:00+07:00",
  dueAt: "2026-11-23T17:00:00+07:00",
  status: "accepted",
  delivery: "counter",
  processingUnit: { name: "UBND phường Thử Nghiệm" },
  hasDigitisedComponents: true,
  vneidVerified: true,
  submittedFiles: [
    {
      id: "501",
      name: "to-khai.pdf",
      componentCode: "000.00.00.G15-TP0001",
      url: "https://files.example.vn/501",
      digitised: true,
    },
  ],
};

export const code = "H99.12-261120-0007";

/** The step of np 5.3 in our words. */
export const event: DossierEvent = {
  eventId: "e-1",
  status: "processing",
  occurredAt: "2026-11-20T14:10:00+07:00",
  officer: { name: "Lê Văn Mẫu", title: "Công chức" },
  unit: "Bộ phận chuyên môn",
  content: "Thẩm định hồ sơ",
  startedAt: "2026-11-20T14:00:00+07:00",
  dueAt: "2026-11-22T17:00:00+07:00",
};

type Put = Extract<Message, { operation: "dossier.put" }>;

export const putMessage = (changes: Partial<Put> = {}): Put => ({
  operation: "dossier.put",
  dossierCode: code,
  dossier,
  known: false,
  unknownOutcome: false,
  ...changes,
});

export const stepMessage = (changes: Partial<DossierEvent> = {}): Message => ({
  operation: "dossier.step",
  dossierCode: code,
  event: { ...event, ...changes },
});

export const statusMessage = (status: Dossier["status"]): Message => ({
  operation: "dossier.status",
  dossierCode: code,
  portalCode: "G22.99-261119-0001",
  change: { status, content: "Đã tiếp nhận", occurredAt: "2026-11-20T02:15:00Z" },
  applicantAccountId: "tech-000001",
});

/** Answers of the portal as np 5 shows them. */
export const loggedIn = { error_code: "0", message: "Thành công", session: "9f0c2d6e-demo-session" };
export const done = { error_code: "0", message: "Đồng bộ hồ sơ thành công" };
export const duplicate = { error_code: "-3", message: "Hồ sơ H99.12-261120-0007 đã tồn tại" };
export const found = { error_code: "0", message: "", result: [{ MAHOSO: code }] };
export const absent = { error_code: "0", message: "", result: [] };
export const procedure = {
  error_code: "0",
  result: [
    {
      MATTHC: "1.000001.H99",
      TENTTHC: "Cấp bản sao thử nghiệm",
      LINHVUCTHUCHIEN: [{ MALINHVUC: "G15-HT01", TENLINHVUC: "Hộ tịch" }],
    },
  ],
};
