import { LENGTHS, LOOKUP_CODE } from "../../contracts/platforms/population/wire.ts";
import { PEOPLE, type Person } from "./people.ts";

/** A question as the registry reads it, from whichever family of messages; `""` is what was not given. */
export interface Question {
  readonly MaYeuCau: string;
  readonly MaDVC: string;
  readonly MaTichHop: string;
  readonly MaDonVi?: string;
  readonly MaCanBo: string;
  readonly SoDinhDanh: string;
  readonly SoCMND: string;
  readonly HoVaTen: string;
  readonly NgayThangNam: string;
  readonly Nam: string;
}

/** How the registry wants names written: clients in use disagree (reg 2.2). */
export type NameForm = "compact" | "plain" | "accented";

/** What became of a question: somebody, nobody, or a refusal in words. */
export type Finding = { readonly person: Person | null } | { readonly refusal: string };

/** One question as it was answered. */
export interface AskedQuestion extends Question {
  /** `matched`, `not-matched` or the refusal. */
  readonly ending: string;
}

/** Who is known, and what was asked. */
export interface Registry {
  ask(question: Question): Finding;
  add(person: Person): void;
  /** The last questions, oldest first. */
  readonly asked: readonly AskedQuestion[];
  clear(): void;
}

/** Questions and request ids remembered at most: memory stays bounded whatever the load. */
const ASKED = 200;
const REQUEST_IDS = 20_000;

/** Ð and ð are letters of Iceland that stand for Đ in many a data set. */
const withoutAccents = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐðÐ]/gu, "D");

/** A name as the registry compares it. */
export const comparable = (name: string, form: NameForm): string => {
  const capitals = name.normalize("NFC").toUpperCase();
  if (form === "accented") return capitals;
  const plain = withoutAccents(capitals);
  return form === "plain" ? plain : plain.replace(/[^\p{L}\p{N}]/gu, "");
};

const DIGITS: Readonly<Record<"SoDinhDanh" | "SoCMND" | "NgayThangNam" | "Nam", RegExp>> = {
  SoDinhDanh: /^(?:\d{12})?$/u,
  SoCMND: /^(?:\d{9})?$/u,
  NgayThangNam: /^(?:\d{8})?$/u,
  Nam: /^(?:\d{4})?$/u,
};

/** What is wrong with a question; undefined when nothing is (reg 2.2). */
const refusalOf = (question: Question): string | undefined => {
  for (const name of ["MaYeuCau", "MaDVC", "MaTichHop", "MaCanBo", "HoVaTen"] as const) {
    if (question[name] === "") return `${name} bắt buộc`;
  }
  for (const [name, longest] of Object.entries(LENGTHS) as [keyof typeof LENGTHS, number][]) {
    if ((question[name] ?? "").length > longest) return `${name} vượt quá ${longest} ký tự`;
  }
  for (const [name, shape] of Object.entries(DIGITS) as [keyof typeof DIGITS, RegExp][]) {
    if (!shape.test(question[name])) return `${name} không đúng định dạng`;
  }
  if (question.MaTichHop !== LOOKUP_CODE) return "MaTichHop không đúng";
  if ((question.SoDinhDanh === "") === (question.SoCMND === "")) return "Phải có SoDinhDanh hoặc SoCMND";
  if ((question.NgayThangNam === "") === (question.Nam === "")) return "Phải có NgayThangNam hoặc Nam";
  return undefined;
};

const fullName = ({ HoVaTen: { Ho, ChuDem, Ten } }: Person): string => [Ho, ChuDem, Ten].join(" ");

/** Makes a registry that wants names in one form. */
export const createRegistry = (form: NameForm): Registry => {
  let people = [...PEOPLE];
  let asked: AskedQuestion[] = [];
  let requestIds = new Set<string>();

  const matches = (question: Question) => (person: Person) =>
    (question.SoDinhDanh === "" || person.SoDinhDanh === question.SoDinhDanh) &&
    (question.SoCMND === "" || person.SoCMND === question.SoCMND) &&
    comparable(fullName(person), form) === question.HoVaTen &&
    (question.Nam === "" ? person.born === question.NgayThangNam : person.born.slice(0, 4) === question.Nam);

  const decide = (question: Question): Finding => {
    const refusal = refusalOf(question);
    if (refusal !== undefined) return { refusal };
    // Each asking is one of its own: a repetition carries a new id (reg 2.2).
    if (requestIds.has(question.MaYeuCau)) return { refusal: "MaYeuCau đã tồn tại" };
    if (requestIds.size >= REQUEST_IDS) requestIds = new Set();
    requestIds.add(question.MaYeuCau);
    return { person: people.find(matches(question)) ?? null };
  };

  return {
    ask: (question) => {
      const finding = decide(question);
      const ending = "refusal" in finding ? finding.refusal : finding.person === null ? "not-matched" : "matched";
      asked = [...asked, { ...question, ending }].slice(-ASKED);
      return finding;
    },
    add: (person) => {
      people.push(person);
    },
    get asked() {
      return asked;
    },
    clear: () => {
      people = [...PEOPLE];
      asked = [];
      requestIds = new Set();
    },
  };
};
