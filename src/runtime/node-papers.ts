import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AcknowledgementFacts, PaperMaker } from "../procedures/acknowledgement/paper-maker.ts";

/** A4 in points, and its margin. */
const PAGE = { width: 595.28, height: 841.89, margin: 62 } as const;
const LINE = 1.5;

const VIETNAM_OFFSET_MS = 7 * 3600 * 1000;

/** `20/11/2026 09:15` on a clock in Vietnam. */
const vietnamMinute = (at: number): string => {
  const shifted = new Date(at + VIETNAM_OFFSET_MS).toISOString();
  const [year, month, day] = shifted.slice(0, 10).split("-");
  return `${day}/${month}/${year} ${shifted.slice(11, 16)}`;
};

/** Words in lines no wider than the page; a word that is wider by itself is broken. */
const wrapped = (text: string, widthOf: (text: string) => number, width: number): string[] => {
  const lines: string[] = [];
  let line = "";
  const put = (piece: string, glue: string): void => {
    if (widthOf(line + glue + piece) <= width) line += glue + piece;
    else {
      if (line !== "") lines.push(line);
      line = piece;
    }
  };
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    if (widthOf(word) <= width) put(word, line === "" ? "" : " ");
    else for (const letter of word) put(letter, "");
  }
  return [...lines, line];
};

/** A long summary is cut here: the paper is one page. */
const LONGEST_VALUE = 600;

const shown = (value: string): string => (value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value);

const factLines = (facts: AcknowledgementFacts): readonly (readonly [string, string])[] => [
  ["Mã hồ sơ", facts.dossierCode],
  ["Thủ tục", [facts.procedureCode, facts.procedureName].filter(Boolean).join(" – ")],
  ["Chủ hồ sơ", facts.applicantName],
  ["Trích yếu", facts.summary],
  ["Tiếp nhận lúc", vietnamMinute(Date.parse(facts.receivedAt))],
  ["Đơn vị xử lý", facts.unitName],
];

const closing = ({ decision }: AcknowledgementFacts): string =>
  `Hồ sơ thuộc thủ tục không trả kết quả bằng văn bản, giấy tờ hoặc được xác nhận theo quyết định dưới đây. Giấy này do hệ thống tạo tự động theo ${decision === "" ? "chính sách của cơ quan" : `Quyết định/văn bản số ${decision}`} và xác nhận việc tiếp nhận hồ sơ; giấy không thay cho kết quả giải quyết thủ tục hành chính và không có chữ ký số.`;

const fontBytes = (): Promise<Uint8Array> =>
  readFile(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));

/** The packages are large and seldom needed: they are loaded with the first paper. */
const load = async () => {
  const [{ PDFDocument }, { default: fontkit }, font] = await Promise.all([
    import("pdf-lib"),
    import("@pdf-lib/fontkit"),
    fontBytes(),
  ]);
  return { PDFDocument, fontkit, font };
};

/** Makes papers with the font embedded, as far as it is used: Vietnamese needs letters that no reader brings along. */
export const createNodePapers = (now: () => Date): PaperMaker => {
  let loaded: ReturnType<typeof load> | undefined;
  return {
    acknowledgement: async (facts) => {
      loaded ??= load();
      const { PDFDocument, fontkit, font: bytes } = await loaded;
      const document = await PDFDocument.create({ updateMetadata: false });
      document.registerFontkit(fontkit);
      const font = await document.embedFont(bytes, { subset: true });
      document.setTitle(`Giấy xác nhận đã tiếp nhận hồ sơ ${facts.dossierCode}`);
      document.setLanguage("vi");
      document.setCreationDate(now());
      const page = document.addPage([PAGE.width, PAGE.height]);
      const width = PAGE.width - 2 * PAGE.margin;
      let y = PAGE.height - PAGE.margin;
      const write = (text: string, size: number, centred = false): void => {
        for (const line of wrapped(text, (piece) => font.widthOfTextAtSize(piece, size), width)) {
          const shift = centred ? (width - font.widthOfTextAtSize(line, size)) / 2 : 0;
          y -= size * LINE;
          if (y > PAGE.margin / 2) page.drawText(line, { x: PAGE.margin + shift, y, size, font });
        }
      };
      write(facts.unitName, 11);
      y -= 24;
      write("GIẤY XÁC NHẬN ĐÃ TIẾP NHẬN HỒ SƠ", 15, true);
      y -= 18;
      for (const [name, value] of factLines(facts)) if (value !== "") write(`${name}: ${shown(value)}`, 11);
      y -= 12;
      write(closing(facts), 9.5);
      y -= 12;
      write(`Lập lúc ${vietnamMinute(now().getTime())} (giờ Việt Nam).`, 9.5);
      return document.save();
    },
  };
};
