import type { Dossier, DossierEvent } from "../../contracts/services/dossier.ts";
import type { InventedDataCode } from "../../contracts/services/invented-data.ts";

/** Something that looks made up, and where it stands. */
export interface InventedData {
  readonly code: InventedDataCode;
  readonly field: string;
}

const RUN = "01234567890123456789";
const RUN_DOWN = [...RUN].reverse().join("");

/** Digits that nobody was given: all equal, nothing but zeros before the last, or one run up or down from end to end. */
const isPlaceholderNumber = (value: string): boolean => {
  const digits = value.replaceAll(/[\s.+()-]/gu, "");
  if (!/^\d{5,20}$/u.test(digits)) return false;
  return /^(\d)\1*$/u.test(digits) || /^0+\d$/u.test(digits) || RUN.includes(digits) || RUN_DOWN.includes(digits);
};

const PLACEHOLDER_NAMES: ReadonlySet<string> = new Set([
  "a",
  "aa",
  "aaa",
  "abc",
  "admin",
  "email",
  "khong",
  "khongco",
  "khong-co",
  "noemail",
  "none",
  "test",
  "x",
  "xxx",
]);
const PLACEHOLDER_DOMAIN =
  /^(?:(?:.+\.)?example\.(?:com|net|org)|(?:a|aa|aaa|abc|test|x|xxx|email)\.(?:com|vn|com\.vn))$/u;

const isPlaceholderEmail = (value: string): boolean => {
  const [name = "", domain = ""] = value.trim().toLowerCase().split("@");
  return PLACEHOLDER_NAMES.has(name) || PLACEHOLDER_DOMAIN.test(domain);
};

/** Titles that clients in use send as a name (np 6, item 9). */
const TITLES: ReadonlySet<string> = new Set([
  "admin",
  "administrator",
  "can bo",
  "can bo xu ly",
  "chuyen vien",
  "cong chuc",
  "lanh dao",
  "nguoi dung",
]);

const isTitle = (name: string): boolean =>
  TITLES.has(
    name.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll(/\s+/gu, " ").trim(),
  );

type Person = Pick<Dossier["applicant"], "identities" | "email" | "phone" | "fax">;

const ofPerson = (path: string, { identities, email, phone, fax }: Person): InventedData[] => [
  ...identities.flatMap(({ value }, i): InventedData[] =>
    isPlaceholderNumber(value) ? [{ code: "placeholder_identity", field: `${path}.identities[${i}].value` }] : [],
  ),
  ...(email !== undefined && isPlaceholderEmail(email)
    ? [{ code: "placeholder_email" as const, field: `${path}.email` }]
    : []),
  ...Object.entries({ phone, fax }).flatMap(([name, value]): InventedData[] =>
    value !== undefined && isPlaceholderNumber(value) ? [{ code: "placeholder_phone", field: `${path}.${name}` }] : [],
  ),
];

const ofTimes = (dossier: Dossier): InventedData[] => {
  const received = Date.parse(dossier.receivedAt);
  // At the counter a dossier is received as it is filed.
  const names = [
    "dueAt",
    "finishedAt",
    "returnedAt",
    ...(dossier.channel === "online" ? (["submittedAt"] as const) : []),
  ];
  return (names as ("dueAt" | "finishedAt" | "returnedAt" | "submittedAt")[]).flatMap((field): InventedData[] => {
    const moment = dossier[field];
    return moment !== undefined && Date.parse(moment) === received ? [{ code: "copied_time", field }] : [];
  });
};

const ofResults = ({ submittedFiles = [], results = [] }: Dossier): InventedData[] => {
  const submitted = new Set(submittedFiles.flatMap(({ id, url }) => [`id ${id}`, `url ${url}`]));
  return results.flatMap(({ id, url }, i): InventedData[] =>
    submitted.has(`id ${id}`) || submitted.has(`url ${url}`)
      ? [{ code: "result_is_submitted_file", field: `results[${i}]` }]
      : [],
  );
};

type Submitted = NonNullable<Dossier["submittedFiles"]>[number];

/** The files of a dossier that are said to be from the national store of papers, and where they stand. */
export const saidFromStore = ({ submittedFiles = [], supplements = [] }: Dossier) => {
  const placed = (path: string, files: readonly Submitted[]) =>
    files.flatMap(({ url, fromNationalStore, deleted }, i) =>
      fromNationalStore === true && deleted !== true ? [{ url, field: `${path}[${i}].fromNationalStore` }] : [],
    );
  return [
    ...placed("submittedFiles", submittedFiles),
    ...supplements.flatMap(({ papers = [] }, i) => placed(`supplements[${i}].papers`, papers)),
  ];
};

/** Pure: which of them were not fetched from it. */
export const notFromStore = (dossier: Dossier, isFromStore: (url: string) => boolean): InventedData[] =>
  saidFromStore(dossier).flatMap(({ url, field }) => (isFromStore(url) ? [] : [{ code: "not_from_store", field }]));

/** Pure: what of a dossier looks made up to pass a check (np 6, item 9; domain section 2.5). */
export const inventedInDossier = (dossier: Dossier): readonly InventedData[] => [
  ...ofPerson("applicant", dossier.applicant),
  ...(dossier.submitter === undefined ? [] : ofPerson("submitter", dossier.submitter)),
  ...ofTimes(dossier),
  ...ofResults(dossier),
];

/** Pure: the same of a progress step. */
export const inventedInEvent = ({ officer }: DossierEvent): readonly InventedData[] =>
  isTitle(officer.name) ? [{ code: "placeholder_officer", field: "officer.name" }] : [];
