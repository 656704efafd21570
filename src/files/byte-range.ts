/** What a `Range` header asks for: one range, from the beginning or from the end. */
export type RangeWish =
  | { readonly kind: "from"; readonly first: number; readonly last?: number }
  | { readonly kind: "suffix"; readonly length: number };

/** Bytes `first` to `last`, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Numbers that are still exact, and no more digits than any file has. */
const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/iu;

/**
 * Reads a `Range` header. Several ranges, other units and anything unreadable are null: the whole file is answered then, as
 * RFC 9110 section 14.2 allows.
 */
export const readRange = (header: string | undefined): RangeWish | null => {
  const [, first = "", last = ""] = ONE_RANGE.exec(header?.trim() ?? "") ?? [];
  if (first === "") return last === "" ? null : { kind: "suffix", length: Number(last) };
  if (last !== "" && Number(last) < Number(first)) return null;
  return { kind: "from", first: Number(first), ...(last !== "" && { last: Number(last) }) };
};

/** The wish as a header. */
export const writeRange = (wish: RangeWish): string =>
  wish.kind === "suffix" ? `bytes=-${wish.length}` : `bytes=${wish.first}-${wish.last ?? ""}`;

/** The bytes of a file of `total` bytes that are meant; null: there are none (416). */
export const resolveRange = (wish: RangeWish, total: number): ByteRange | null => {
  if (wish.kind === "suffix") {
    if (wish.length === 0 || total === 0) return null;
    return { first: Math.max(0, total - wish.length), last: total - 1 };
  }
  if (wish.first >= total) return null;
  return { first: wish.first, last: Math.min(wish.last ?? total - 1, total - 1) };
};

/** Reads `Content-Range` of a 206; null when it does not say all three. */
export const readContentRange = (header: string | undefined): (ByteRange & { readonly total: number }) | null => {
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/iu.exec(header?.trim() ?? "") ?? [];
  if (first === undefined) return null;
  const range = { first: Number(first), last: Number(last), total: Number(total) };
  return range.first <= range.last && range.last < range.total ? range : null;
};
