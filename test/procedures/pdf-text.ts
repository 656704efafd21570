import fontkit from "@pdf-lib/fontkit";
import { decodePDFRawStream, PDFDocument, PDFRawStream } from "pdf-lib";

interface Glyphs {
  getGlyph(id: number): { path: { commands: readonly unknown[] } };
}

/** What a reader copies out of a PDF of one font, line by line; throws where a glyph that is drawn has no outline. */
export const pdfText = async (pdf: Uint8Array): Promise<string[]> => {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const streams = document.context
    .enumerateIndirectObjects()
    .flatMap(([, object]) => (object instanceof PDFRawStream ? [{ bytes: decodePDFRawStream(object).decode() }] : []));
  const texts = streams.map(({ bytes }) => Buffer.from(bytes).toString("latin1"));
  const cmap = new Map(
    texts
      .filter((text) => text.includes("beginbfchar"))
      .flatMap((text) => [...text.matchAll(/^<([\dA-F]{4})> <([\dA-F]+)>$/gmu)])
      .map(
        ([, glyph = "", unicode = ""]) => [glyph, Buffer.from(unicode, "hex").swap16().toString("utf16le")] as const,
      ),
  );
  // A font of TrueType outlines begins so; nothing else in the document does.
  const embedded = streams.find(({ bytes }) => Buffer.from(bytes.subarray(0, 4)).toString() === "true");
  if (embedded === undefined) throw new Error("no font is embedded");
  const font = fontkit.create(embedded.bytes) as unknown as Glyphs;
  return texts
    .flatMap((text) => [...text.matchAll(/<([\dA-F]+)> Tj/gu)])
    .map(([, hex = ""]) =>
      (hex.match(/.{4}/gu) ?? [])
        .map((glyph) => {
          const letter = cmap.get(glyph) ?? "�";
          const outline = font.getGlyph(Number.parseInt(glyph, 16)).path.commands.length;
          if (outline === 0 && letter.trim() !== "") throw new Error(`"${letter}" has no outline`);
          return letter;
        })
        .join(""),
    );
};
