import type { Reading } from "../../contracts/adapter.ts";
import { DETAIL_HCM, DETAIL_V1, DETAILS_V2 } from "../../contracts/platforms/enterprise/wire.ts";
import type { Business, BusinessKind } from "../../contracts/registries.ts";
import type { Question } from "./client.ts";
import type { EnterpriseConfig } from "./config.ts";
import { away, malformed, rejected } from "./faults.ts";
import { type RegisterNames, toBusinessV1, toBusinessV2 } from "./map.ts";
import { isNothing, isRow, memberOf, type Row, rowsOf, textOf } from "./rows.ts";

type Found = Reading<Business | null>;

/** How one register of one profile is asked. */
type AskFor = (code: string) => Question<Business | null>;

const notFound: Found = { ok: true, value: null };

const found = (business: Business | null): Found =>
  business === null
    ? malformed("The answer is about another business, or has no name.")
    : { ok: true, value: business };

/** Words of a register about its own trouble, which says nothing about a business. */
const TIMEOUT = /time[ -]?out|timed out|(?:quá|hết) thời gian/iu;

/** A failure of generation 1 without data: the register holds none, unless it says that it could not look. */
const failedV1 = (value: Row, status: string): Found => {
  const message = textOf(value, "Message") ?? "";
  if (TIMEOUT.test(message)) return away("upstream_timeout", message, { platformCode: status });
  return Number(status) === 0 && isNothing(memberOf(value, "Data")) ? notFound : rejected(status, message);
};

/** `Status` decides, HTTP is 200 either way; without `MainInformation` nothing was found (registries sections 2.6, 5.6). */
const readV1 = (value: unknown, asked: string): Found => {
  if (!isRow(value)) return malformed("The answer is no object.");
  const status = textOf(value, "Status");
  const data = rowsOf(value, "Data")[0];
  const main = data && rowsOf(data, "MainInformation")[0];
  if (status === undefined && main === undefined)
    return malformed("The answer has neither Status nor MainInformation.");
  if (status !== undefined && !/^-?\d{1,6}$/u.test(status)) return malformed("Status is no number.");
  if (status !== undefined && Number(status) !== 1) return failedV1(value, status);
  if (data !== undefined && main !== undefined) return found(toBusinessV1(main, data, asked));
  const given = memberOf(value, "Data");
  return data !== undefined || isNothing(given) ? notFound : malformed("Data is no object.");
};

/** The root is a list; null, absent and empty mean not found, but an answer that says something else does not. */
const readV2 = (value: unknown, root: string, names: RegisterNames, asked: string): Found => {
  if (!isRow(value)) return malformed("The answer is no object.");
  const [row] = rowsOf(value, root);
  if (row !== undefined) return found(toBusinessV2(row, names, asked));
  const isEmpty = Object.hasOwn(value, root) || isNothing(value);
  return isEmpty && isNothing(memberOf(value, root)) ? notFound : malformed(`The answer has no ${root}.`);
};

/** The façade's own trouble: an exception, or a status that says "not now" (registries section 2.7). */
const troubleHcm = (value: Row, code: string, words: string): Reading<never> | undefined => {
  const platformCode = code;
  if (code === "408" || code === "504" || TIMEOUT.test(words)) return away("upstream_timeout", words, { platformCode });
  if (code === "401") return away("upstream_unavailable", words, { platformCode, sessionDied: true });
  const isAway = memberOf(value, "ThrowException") === true || code === "429" || Number(code) >= 500;
  return isAway ? away("upstream_unavailable", words, { platformCode }) : undefined;
};

/** Success and failure stand in the body, whatever the HTTP status (registries section 2.7). */
const readHcm = (value: unknown, asked: string): Found => {
  if (!isRow(value)) return malformed("The answer is no object.");
  const code = textOf(value, "StatusCode");
  const words = textOf(value, "Description") ?? "";
  if (code === undefined || !/^\d{1,6}$/u.test(code)) return malformed("The answer has no StatusCode.");
  const trouble = troubleHcm(value, code, words);
  if (trouble !== undefined) return trouble;
  const result = memberOf(value, "ResultObject");
  if (code === "404" && isNothing(result)) return notFound;
  if (code !== "200" || textOf(value, "Status")?.toUpperCase() !== "SUCCESS") return rejected(code, words);
  if (isNothing(result)) return notFound;
  return isRow(result) ? found(toBusinessV1(result, result, asked)) : malformed("ResultObject is no object.");
};

const NAMES_V2 = {
  enterprise: { codes: ["MaSoDoanhNghiep", "SoGCNDKKD"], type: "LoaiHinhDN", people: "DaiDienPhapLuat" },
  household: { codes: ["MaSoHKD", "MaSoDangKyHKD"], type: "LoaiHinhHKD", people: "ChuHoKinhDoanh" },
  cooperative: { codes: ["MaSoHTX"], type: "LoaiHinhHTX", people: "DaiDienPhapLuat" },
} as const satisfies Record<BusinessKind, RegisterNames>;

const askV2 =
  (kind: BusinessKind): AskFor =>
  (code) => {
    const { path, code: name, root } = DETAILS_V2[kind];
    return { path, query: { [name]: code }, read: (value) => readV2(value, root, NAMES_V2[kind], code) };
  };

/** What each profile can ask for; what is missing it cannot. */
export const REGISTERS: Readonly<Record<EnterpriseConfig["profile"], Readonly<Partial<Record<BusinessKind, AskFor>>>>> =
  {
    "dkkd-v1": {
      enterprise: (code) => ({
        path: DETAIL_V1.path,
        query: { [DETAIL_V1.code]: code },
        read: (value) => readV1(value, code),
      }),
    },
    "dkkd-v2": { enterprise: askV2("enterprise"), household: askV2("household"), cooperative: askV2("cooperative") },
    "dkkd-hcm": {
      enterprise: (code) => ({
        path: DETAIL_HCM.path,
        query: { [DETAIL_HCM.code]: code },
        read: (value) => readHcm(value, code),
      }),
    },
  };
