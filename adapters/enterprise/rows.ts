/** An object of an answer; numbers are text already (exact-json.ts). */
export type Row = Readonly<Record<string, unknown>>;

/** The registers' longest text is 1000 characters (registries section 2.6). */
const LONGEST = 1000;

/** Whether a value is a JSON object, and no list. */
export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member of its own; undefined where there is none. */
export const memberOf = (row: Row, name: string): unknown => (Object.hasOwn(row, name) ? row[name] : undefined);

/** A text in NFC on one line, cut to what the registers hold; undefined for an empty one and for all that is no text. */
export const textOf = (row: Row, name: string): string | undefined => {
  const value = memberOf(row, name);
  if (typeof value !== "string") return undefined;
  const text = value.toWellFormed().normalize("NFC").replace(/\s+/gu, " ").trim();
  return text === "" ? undefined : text.slice(0, LONGEST);
};

/** The objects of a member that is a list or one object: the registers write both (registries section 2.6). */
export const rowsOf = (row: Row, name: string): readonly Row[] => {
  const value = memberOf(row, name);
  return (Array.isArray(value) ? value : [value]).filter(isRow);
};

/** The same, with the objects inside a member of each where there is one: generation 2 nests or does not. */
export const nestedRowsOf = (row: Row, name: string, inner: string): readonly Row[] =>
  rowsOf(row, name).flatMap((outer) => {
    const found = rowsOf(outer, inner);
    return found.length > 0 ? found : [outer];
  });

/** Nothing at all, however it is written. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);
