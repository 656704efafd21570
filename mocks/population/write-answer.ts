import { ANSWER, NAMESPACES } from "../../contracts/platforms/population/wire.ts";
import type { FaultRule } from "./dial.ts";
import type { Address, Person, Relative } from "./people.ts";
import { escaped } from "./read-xml.ts";

/** Elements with their content, in order: a text, further elements, or nothing. */
type Tree = readonly (readonly [name: string, content: string | Tree])[];

/** How the answer is written where clients in use disagree (reg 2.3). */
export type AnswerForm = Omit<Extract<FaultRule, { readonly fault: "form" }>, "fault" | "times">;

const whole = ({ Ho, ChuDem, Ten }: Person["HoVaTen"]): string => [Ho, ChuDem, Ten].join(" ");

const parts = (name: Person["HoVaTen"]): Tree => Object.entries(name);

const personName = (name: Person["HoVaTen"], form: AnswerForm): Tree =>
  form.name === "parts" ? parts(name) : parts({ Ho: "", ChuDem: "", Ten: whole(name) });

const relativeName = (name: Person["HoVaTen"], form: AnswerForm): string | Tree =>
  form.relatives === "parts" ? parts(name) : whole(name);

const address = (of: Address | undefined): Tree =>
  of === undefined
    ? []
    : [
        ["MaTinhThanh", of.MaTinhThanh],
        ["MaQuanHuyen", of.MaQuanHuyen ?? ""],
        ["MaPhuongXa", of.MaPhuongXa],
        ["ChiTiet", of.ChiTiet],
        ["QuocGia", "VN"],
      ];

const relative = (of: Relative | undefined, form: AnswerForm): Tree =>
  of === undefined
    ? []
    : [
        ["HoVaTen", relativeName(of.HoVaTen, form)],
        ["QuocTich", "VN"],
        ["SoDinhDanh", of.SoDinhDanh ?? ""],
        ["SoCMND", of.SoCMND ?? ""],
      ];

const head = (of: Person["ChuHo"], form: AnswerForm): Tree =>
  of === undefined
    ? []
    : [
        ["QuanHe", of.QuanHe],
        ["SoDinhDanh", of.SoDinhDanh ?? ""],
        ["SoCMND", of.SoCMND ?? ""],
        ["HoVaTen", relativeName(of.HoVaTen, form)],
      ];

/** The elements of `CongDan`, in the order of a real sample (reg 2.3). What is not known is empty or absent. */
export const citizenTree = (person: Person, form: AnswerForm): Tree => [
  ["SoDinhDanh", person.SoDinhDanh],
  ["SoCMND", person.SoCMND ?? ""],
  ["HoVaTen", personName(person.HoVaTen, form)],
  ["GioiTinh", person.GioiTinh],
  ["DanToc", "01"],
  ["TonGiao", "00"],
  ["TinhTrangHonNhan", "1"],
  ["NhomMau", "00"],
  [
    "NgayThangNamSinh",
    person.born.length === 4
      ? [["Nam", person.born]]
      : [
          ["Nam", person.born.slice(0, 4)],
          ["NgayThangNam", person.born],
        ],
  ],
  ["NoiDangKyKhaiSinh", address(person.NoiDangKyKhaiSinh)],
  ["QuocTich", person.QuocTich ?? ""],
  ["QueQuan", address(person.QueQuan)],
  ["ThuongTru", address(person.ThuongTru)],
  ["NoiOHienTai", address(person.NoiOHienTai)],
  ["Cha", relative(person.Cha, form)],
  ["Me", relative(person.Me, form)],
  ["VoChong", relative(person.VoChong, form)],
  ["NguoiDaiDien", relative(person.NguoiDaiDien, form)],
  ["ChuHo", head(person.ChuHo, form)],
  ["SoSoHoKhau", ""],
];

const isText = (content: string | Tree): content is string => typeof content === "string";

const xml = (tree: Tree): string =>
  tree
    .map(([name, content]) => {
      const inner = isText(content) ? escaped(content) : xml(content);
      return inner === "" ? `<ns1:${name}/>` : `<ns1:${name}>${inner}</ns1:${name}>`;
    })
    .join("");

const json = (tree: Tree): Record<string, unknown> =>
  Object.fromEntries(tree.map(([name, content]) => [name, isText(content) ? content : json(content)]));

/** A SOAP envelope around a body, as the registry writes it (reg 5.2). */
export const envelope = (body: string): string =>
  `<soapenv:Envelope xmlns:soapenv="${NAMESPACES.soap}"><soapenv:Header/><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

/** The answer in XML: the citizen, or an empty collection where nobody matches (reg 0, fact 6). */
export const xmlAnswer = (person: Person | null, form: AnswerForm): string => {
  const attributes = form.attributes === true ? ` SoCongDan="${person === null ? 0 : 1}" GhiChu="" id="1"` : "";
  const open = `<ns1:${ANSWER}${attributes} xmlns:ns1="${NAMESPACES.answer}"`;
  if (person === null) return envelope(`${open}/>`);
  return envelope(`${open}><ns1:CongDan>${xml(citizenTree(person, form))}</ns1:CongDan></ns1:${ANSWER}>`);
};

/** The answer in JSON, bare or within the LGSP's own envelope. */
export const jsonAnswer = (person: Person | null, form: AnswerForm): string => {
  const collection = { [ANSWER]: person === null ? {} : { CongDan: json(citizenTree(person, form)) } };
  if (form.envelope !== "wrapped") return JSON.stringify(collection);
  return JSON.stringify({ code: "200", status: "success", correlationId: "1", response: collection });
};

/** A SOAP fault (reg 5.5). */
export const soapFault = (code: string, text: string): string =>
  envelope(
    `<soapenv:Fault><faultcode>${escaped(code)}</faultcode><faultstring>${escaped(text)}</faultstring></soapenv:Fault>`,
  );
