import { dossierBody, eventBody } from "../gateway-scene.ts";

/** Values that occur nowhere but in the dossier and the step below: wherever one turns up, it came from there. */
export const PERSONAL = {
  name: "Quách Thị Tường Vi",
  submitter: "Khổng Văn Lưỡng",
  personalId: "001199765432",
  submitterId: "001099456789",
  passport: "ZQ8877665",
  phone: "0987612345",
  fax: "02063876543",
  email: "tuongvi.quach@thudientu.vn",
  account: "taikhoan-7f3a9",
  receipt: "BN-778899/ZX",
  note: "Bà đau chân, gọi trước khi đến",
  officer: "Tống Phước Huấn",
  fileName: "Đơn xin miễn giảm.pdf",
  content: "Đã liên hệ người nộp qua điện thoại",
  reason: "Gia đình có việc tang",
} as const;

/** Single words of the names, with and without accents, which a search index might keep. */
const WORDS = ["Quách", "quach", "Tường", "tuong", "Khổng", "khong van luong", "Lưỡng", "luong", "Tống", "Huấn"];

/** Everything that must be found nowhere. */
export const NEEDLES: readonly string[] = [...Object.values(PERSONAL), ...WORDS];

/** A dossier full of personal values. */
export const personalDossier = (parts: Record<string, unknown> = {}) =>
  dossierBody({
    applicant: {
      type: "citizen",
      name: PERSONAL.name,
      portalAccountId: PERSONAL.account,
      identities: [
        { kind: "personal-id", value: PERSONAL.personalId },
        { kind: "passport", value: PERSONAL.passport },
      ],
      email: PERSONAL.email,
      phone: PERSONAL.phone,
      fax: PERSONAL.fax,
    },
    submitter: {
      name: PERSONAL.submitter,
      identities: [{ kind: "personal-id", value: PERSONAL.submitterId }],
      phone: PERSONAL.phone,
      relation: "authorised",
    },
    receiptNumber: PERSONAL.receipt,
    summary: `Giải quyết cho ${PERSONAL.name}`,
    note: PERSONAL.note,
    otherInfo: PERSONAL.note,
    submittedFiles: [{ id: "f1", name: PERSONAL.fileName, url: "https://files.example.vn/f1" }],
    ...parts,
  });

/** A step that names the officer and quotes the citizen. */
export const personalEvent = (eventId: string, parts: Record<string, unknown> = {}) =>
  eventBody(eventId, { officer: { name: PERSONAL.officer, title: "Công chức" }, content: PERSONAL.content, ...parts });

/** The middle of a text's base64 for each of the three places it can begin at: what stays whatever surrounds it. */
const base64Forms = (text: string): string[] =>
  [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text, "utf8")]);
    const from = shift === 0 ? 0 : 4;
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    return [whole.toString("base64").slice(from), whole.toString("base64url").slice(from)];
  });

/**
 * The forms in which a text could lie about: as it is, decomposed, escaped as JSON or by URL, in hexadecimal of its UTF-8 or UTF-16
 * bytes (which is how PostgreSQL prints `bytea`), in base64. Short base64 would be found by chance and is left out.
 */
export const formsOf = (needle: string): string[] => {
  const escaped = needle.replaceAll(/[^\x20-\x7e]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const hex = [Buffer.from(needle, "utf8").toString("hex"), Buffer.from(needle, "utf16le").toString("hex")];
  const forms = [needle, needle.normalize("NFD"), escaped, encodeURIComponent(needle), ...hex];
  return [...new Set([...forms, ...base64Forms(needle).filter((form) => form.length >= 8)])];
};
