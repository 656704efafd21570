import {
  type FlatLookup,
  LOOKUP,
  LOOKUP_CODE,
  NAMESPACES,
  type PascalLookup,
} from "../../contracts/platforms/population/wire.ts";
import { readXml, type XmlElement, XmlFault } from "./read-xml.ts";
import type { Question } from "./registry.ts";

/** A question that was read, or why it was not. */
export type QuestionReading = { readonly question: Question } | { readonly refusal: string };

/** The sequence of the service; one client in use sends `MaDonVi` behind `MaCanBo` (reg 2.2). */
const SEQUENCE = [
  ...["MaYeuCau", "MaDVC", "MaTichHop", "MaDonVi", "MaCanBo", "TaiKhoan", "SoDienThoai"],
  ...["SoDinhDanh", "SoCMND", "HoVaTen", "NgayThangNamSinh"],
];
const AGENCY_BEHIND = SEQUENCE.filter((name) => name !== "MaDonVi").toSpliced(4, 0, "MaDonVi");

const inOrder = (names: readonly string[], sequence: readonly string[]): boolean => {
  const places = names.map((name) => sequence.indexOf(name));
  return places.every((place, index) => place >= 0 && (index === 0 || place > (places[index - 1] ?? -1)));
};

const only = (element: XmlElement | undefined, name: string, namespace: string): XmlElement => {
  const found = element?.children.filter((child) => child.name === name && child.namespace === namespace) ?? [];
  if (found.length !== 1 || found[0] === undefined) throw new XmlFault(`one ${name} is wanted`);
  return found[0];
};

const readSoap = (xml: string): QuestionReading => {
  const root = readXml(xml);
  if (root.name !== "Envelope" || root.namespace !== NAMESPACES.soap) return { refusal: "không phải SOAP 1.1" };
  const lookup = only(only(root, "Body", NAMESPACES.soap), LOOKUP, NAMESPACES.request);
  const foreign = lookup.children.find(({ namespace }) => namespace !== NAMESPACES.request);
  if (foreign !== undefined) return { refusal: `${foreign.name} sai namespace` };
  const names = lookup.children.map(({ name }) => name);
  if (!inOrder(names, SEQUENCE) && !inOrder(names, AGENCY_BEHIND)) return { refusal: "sai thứ tự phần tử" };
  const text = (name: string, of: XmlElement | undefined = lookup) =>
    of?.children.find((child) => child.name === name)?.text ?? "";
  const born = lookup.children.find(({ name }) => name === "NgayThangNamSinh");
  return {
    question: {
      MaYeuCau: text("MaYeuCau"),
      MaDVC: text("MaDVC"),
      MaTichHop: text("MaTichHop"),
      ...(names.includes("MaDonVi") && { MaDonVi: text("MaDonVi") }),
      MaCanBo: text("MaCanBo"),
      SoDinhDanh: text("SoDinhDanh"),
      SoCMND: text("SoCMND"),
      HoVaTen: text("HoVaTen"),
      NgayThangNam: text("NgayThangNam", born),
      Nam: text("Nam", born),
    },
  };
};

/** Reads the SOAP question (reg 2.2, 5.1). */
export const readSoapQuestion = (xml: string): QuestionReading => {
  try {
    return readSoap(xml);
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return { refusal: `XML: ${error.message}` };
  }
};

/** The texts of a JSON object under exactly these names; null when one is missing or strange. */
const textsOf = <Name extends string>(body: unknown, names: readonly Name[]): Record<Name, string> | null => {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const given = body as Record<string, unknown>;
  const fits = names.every((name) => typeof given[name] === "string") && Object.keys(given).length === names.length;
  return fits ? (given as Record<Name, string>) : null;
};

/** Reads the question of the flat JSON family (reg 1.3, C). */
export const readFlatQuestion = (body: unknown): QuestionReading => {
  const names: readonly (keyof FlatLookup)[] = [
    ...([
      "maYeuCau",
      "maDVC",
      "maCanBo",
      "soDinhDanh",
      "soCMND",
      "hoVaTen",
      "ngayThangNam",
      "userNameService",
    ] as const),
  ];
  const given = textsOf(body, names);
  if (given === null) return { refusal: `JSON: cần đúng các trường ${names.join(", ")}` };
  if (given.userNameService === "") return { refusal: "userNameService bắt buộc" };
  const { maYeuCau, maDVC, maCanBo, soDinhDanh, soCMND, hoVaTen, ngayThangNam } = given;
  return {
    question: {
      MaYeuCau: maYeuCau,
      MaDVC: maDVC,
      // This family names no integration code: the LGSP adds it.
      MaTichHop: LOOKUP_CODE,
      MaCanBo: maCanBo,
      SoDinhDanh: soDinhDanh,
      SoCMND: soCMND,
      HoVaTen: hoVaTen,
      NgayThangNam: ngayThangNam.length === 4 ? "" : ngayThangNam,
      Nam: ngayThangNam.length === 4 ? ngayThangNam : "",
    },
  };
};

/** Reads the question of the XML-in-JSON family (reg 5.4). */
export const readPascalQuestion = (body: unknown): QuestionReading => {
  const names: readonly (keyof PascalLookup)[] = [
    ...([
      "HoVaTen",
      "SoDinhDanh",
      "SoCMND",
      "NgayThangNam",
      "Nam",
      "MaTichHop",
      "MaDVC",
      "MaCanBo",
      "MaYeuCau",
    ] as const),
  ];
  const given = textsOf(body, names);
  return given === null ? { refusal: `JSON: cần đúng các trường ${names.join(", ")}` } : { question: given };
};
