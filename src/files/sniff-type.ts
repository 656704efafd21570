/** How many bytes of a file are looked at. */
export const SNIFFED_BYTES = 4096;

/** What is said of a file whose bytes tell nothing. */
export const UNKNOWN_TYPE = "application/octet-stream";

const OFFICE = "application/vnd.openxmlformats-officedocument";

const hex = (bytes: Uint8Array, from: number, length: number): string =>
  [...bytes.subarray(from, from + length)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Types by their first bytes, in hexadecimal. */
const MAGIC: readonly (readonly [first: string, type: string])[] = [
  ["255044462d", "application/pdf"],
  ["89504e470d0a1a0a", "image/png"],
  ["ffd8ff", "image/jpeg"],
  ["474946383761", "image/gif"],
  ["474946383961", "image/gif"],
  ["49492a00", "image/tiff"],
  ["4d4d002a", "image/tiff"],
  ["d0cf11e0a1b11ae1", "application/x-ole-storage"],
  ["7b5c727466", "application/rtf"],
  ["526172211a07", "application/vnd.rar"],
  ["377abcaf271c", "application/x-7z-compressed"],
  ["1f8b", "application/gzip"],
];

/** A zip that names a part of Office in its first entries is such a document. */
const zipType = (latin: string): string => {
  if (latin.includes("word/")) return `${OFFICE}.wordprocessingml.document`;
  if (latin.includes("xl/")) return `${OFFICE}.spreadsheetml.sheet`;
  if (latin.includes("ppt/")) return `${OFFICE}.presentationml.presentation`;
  if (latin.includes("mimetypeapplication/vnd.oasis.opendocument.text")) {
    return "application/vnd.oasis.opendocument.text";
  }
  return "application/zip";
};

// Text that a browser might run is served as what no browser runs.
const ACTIVE = /<(?:!doctype\s+html|html|head|body|script|svg|iframe|img|a\s|div|form|style|meta|link)\b/iu;

const textType = (bytes: Uint8Array): string => {
  let text: string;
  try {
    // The last character may be cut in two: a stream may end within one.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true });
  } catch {
    return UNKNOWN_TYPE;
  }
  // Controls that no text has; line and page ends do occur.
  if (/[^\P{Cc}\t\n\v\f\r]/u.test(text)) return UNKNOWN_TYPE;
  if (/^\s*<\?xml\s/u.test(text)) return "application/xml";
  if (ACTIVE.test(text)) return "text/plain; charset=utf-8";
  if (/^\s*<[a-z_][\w.:-]*[\s/>]/iu.test(text)) return "application/xml";
  return "text/plain; charset=utf-8";
};

/**
 * The media type that a file's first bytes show (`SNIFFED_BYTES` of them, or all). Never `text/html` and never SVG: the portal's
 * staff open these files in a browser.
 */
export const sniffType = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return UNKNOWN_TYPE;
  const first = hex(bytes, 0, 16);
  const known = MAGIC.find(([magic]) => first.startsWith(magic));
  if (known !== undefined) return known[1];
  if (first.startsWith("504b0304") || first.startsWith("504b0506")) {
    return zipType(new TextDecoder("latin1").decode(bytes));
  }
  if (first.startsWith("52494646") && hex(bytes, 8, 4) === "57454250") return "image/webp";
  if (hex(bytes, 4, 4) === "66747970") return "video/mp4";
  return textType(bytes);
};

/** The types that a name promises, by its ending. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  pdf: ["application/pdf"],
  png: ["image/png"],
  jpg: ["image/jpeg"],
  jpeg: ["image/jpeg"],
  gif: ["image/gif"],
  tif: ["image/tiff"],
  tiff: ["image/tiff"],
  webp: ["image/webp"],
  doc: ["application/x-ole-storage", "application/rtf"],
  xls: ["application/x-ole-storage"],
  ppt: ["application/x-ole-storage"],
  docx: [`${OFFICE}.wordprocessingml.document`, "application/zip"],
  xlsx: [`${OFFICE}.spreadsheetml.sheet`, "application/zip"],
  pptx: [`${OFFICE}.presentationml.presentation`, "application/zip"],
  zip: ["application/zip"],
  rtf: ["application/rtf"],
  xml: ["application/xml"],
  txt: ["text/plain; charset=utf-8"],
};

/** Whether a file's bytes are other than its name says. A name without an ending we know promises nothing. */
export const isMisnamed = (name: string, type: string): boolean => {
  const ending = /\.([a-z\d]{1,5})\s*$/iu.exec(name)?.[1]?.toLowerCase() ?? "";
  const promised = PROMISED[ending];
  return promised !== undefined && !promised.includes(type);
};
