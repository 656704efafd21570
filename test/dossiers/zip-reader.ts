import { crc32, inflateRawSync } from "node:zlib";

/** Reads a ZIP archive by its directory, checking every size and checksum; a reader of its own, not the writer turned round. */
export const unzip = (archive: Buffer): ReadonlyMap<string, string> => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 !== archive.length) throw new Error("the archive has no end");
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let n = archive.readUInt16LE(end + 10); n > 0; n--) {
    if (archive.readUInt32LE(at) !== 0x02_01_4b_50) throw new Error("no directory entry");
    const [crc, packed, plain] = [16, 20, 24].map((place) => archive.readUInt32LE(at + place)) as [
      number,
      number,
      number,
    ];
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.subarray(at + 46, at + 46 + nameLength).toString("utf8");
    const local = archive.readUInt32LE(at + 42);
    if (archive.readUInt32LE(local) !== 0x04_03_4b_50) throw new Error(`no header of ${name}`);
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const text = inflateRawSync(archive.subarray(begin, begin + packed));
    if (text.length !== plain || crc32(text) !== crc) throw new Error(`${name} is damaged`);
    files.set(name, text.toString("utf8"));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  if (at !== end) throw new Error("the directory ends elsewhere");
  return files;
};

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** The cells of a workbook's sheet, row by row: texts as they are, numbers as numbers, null for nothing. */
export const sheetRows = (archive: Buffer): (string | number | null)[][] => {
  const sheet = unzip(archive).get("xl/worksheets/sheet1.xml") ?? "";
  return [...sheet.matchAll(/<row>(.*?)<\/row>/gsu)].map(([, cells = ""]) =>
    [...cells.matchAll(/<c\/>|<c [^>]*>(?:<is><t[^>]*>(.*?)<\/t><\/is>|<v>(.*?)<\/v>)<\/c>/gsu)].map(
      ([, text, number]) => {
        if (text !== undefined) return unescaped(text);
        return number === undefined ? null : Number(number);
      },
    ),
  );
};
