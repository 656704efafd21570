/** One prefix of `FILE_SOURCES`, taken apart: what an address must have in common with it. */
export interface FileSourcePrefix {
  /** Scheme, host and port, as URL normalises them. */
  readonly origin: string;
  /** Decoded path segments that must come first; none: the whole host. */
  readonly segments: readonly string[];
}

/** A reading of the setting: prefixes, or what is wrong with it. */
export type SourcesReading =
  | { readonly ok: true; readonly value: readonly FileSourcePrefix[] }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Two servers may read these differently, so that what is compared here is not what they open: encoded slashes, backslashes,
 * dots, percent signs and controls, and backslashes as they are.
 */
const AMBIGUOUS = /%(?:2f|5c|2e|25|00|0[1-9a-f]|1[\da-f]|7f)|\\/iu;

/** Dot segments as the caller wrote them: URL resolves them away, and who writes them wants to be somewhere else. */
const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:$|[/?#;])/u;

const segmentsOf = (pathname: string): string[] | null => {
  const parts = pathname.split("/").slice(1);
  // A slash at the end says "all below", and is no segment of its own.
  if (parts.at(-1) === "") parts.pop();
  if (parts.includes("")) return null;
  try {
    return parts.map((part) => decodeURIComponent(part).normalize("NFC"));
  } catch {
    return null;
  }
};

/** An address taken apart, or null when it is none that a file is fetched from: see `AMBIGUOUS` and `DOT_SEGMENT`. */
const takeApart = (address: string): FileSourcePrefix | null => {
  if (!URL.canParse(address) || AMBIGUOUS.test(address)) return null;
  const written = address.replace(/^[a-z]+:\/\/[^/?#]*/iu, "").replace(/[?#].*$/su, "");
  if (DOT_SEGMENT.test(written)) return null;
  const { protocol, username, password, origin, pathname } = new URL(address);
  if (!/^https?:$/u.test(protocol) || username !== "" || password !== "" || /@/u.test(origin)) return null;
  const segments = segmentsOf(pathname);
  return segments === null ? null : { origin, segments };
};

/** Reads `FILE_SOURCES`: addresses, a comma list (design section 8). */
export const parseFileSources = (setting: string): SourcesReading => {
  const entries = setting.split(",").map((entry) => entry.trim());
  const faults: string[] = [];
  const value: FileSourcePrefix[] = [];
  for (const [index, entry] of entries.entries()) {
    const prefix = /[?#]/u.test(entry) ? null : takeApart(entry);
    if (prefix === null) faults.push(`FILE_SOURCES: entry ${index + 1} is not an http or https address to begin with`);
    else value.push(prefix);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
};

/**
 * Whether a file may be fetched from an address: scheme, host and port are those of a prefix, and so are its first path
 * segments, whole and decoded. `https://a.vn/files` covers `/files` and `/files/1`, never `/files2`.
 */
export const isAllowedSource = (address: string, sources: readonly FileSourcePrefix[]): boolean => {
  const wanted = takeApart(address);
  if (wanted === null) return false;
  return sources.some(
    ({ origin, segments }) =>
      origin === wanted.origin && segments.every((segment, index) => segment === wanted.segments[index]),
  );
};
