import { isJson } from "./checks.ts";

/** A file that a citizen left at the portal. */
export interface FiledFile {
  /** As the row names it (`IdGiayTo`). */
  readonly id: string;
  /** Its bytes; absent: `size` bytes of nothing, made as they are sent. */
  readonly base64?: string;
  readonly size?: number;
}

/** A dossier that a citizen filed at the portal. */
export interface FiledDossier {
  readonly MaHoSo: string;
  readonly MaTTHC: string;
  /** What the list shows of it besides (np 1.3). */
  readonly row?: Readonly<Record<string, unknown>>;
  readonly files?: readonly FiledFile[];
}

const PIECE = 64 * 1024;

/** The bytes of a file, piece by piece. */
export const fileStream = ({ base64, size = 0 }: FiledFile): ReadableStream<Uint8Array> => {
  let left = size;
  return new ReadableStream({
    pull: (controller) => {
      if (base64 !== undefined) {
        controller.enqueue(Buffer.from(base64, "base64"));
        controller.close();
        return;
      }
      if (left === 0) return controller.close();
      const piece = Math.min(PIECE, left);
      left -= piece;
      controller.enqueue(new Uint8Array(piece));
    },
  });
};

const isFile = (given: unknown): given is FiledFile =>
  isJson(given) &&
  typeof given["id"] === "string" &&
  (typeof given["base64"] === "string" || (Number.isSafeInteger(given["size"]) && Number(given["size"]) >= 0));

/** Reads a dossier from outside; undefined when it is none. */
export const readFiled = (body: unknown): FiledDossier | undefined => {
  const { MaHoSo, MaTTHC, row, files = [] } = isJson(body) ? body : {};
  if (typeof MaHoSo !== "string" || MaHoSo === "" || typeof MaTTHC !== "string") return undefined;
  if ((row !== undefined && !isJson(row)) || !Array.isArray(files) || !files.every(isFile)) return undefined;
  return { MaHoSo, MaTTHC, ...(row !== undefined && { row }), ...(files.length > 0 && { files }) };
};
