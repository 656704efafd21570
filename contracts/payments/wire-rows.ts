/** An object of the wire. Its numbers are text: what stood there. */
export type WireRow = Readonly<Record<string, unknown>>;

interface SourceOf {
  readonly source?: string;
}

const parse = JSON.parse as (
  text: string,
  revive: (key: string, value: unknown, context?: SourceOf) => unknown,
) => unknown;

/** A runtime that does not show the source must not let a rounded number pass for an exact one. */
const exactly = (value: number, source: string | undefined): string | null =>
  source ?? (Number.isSafeInteger(value) ? String(value) : null);

/** Members at the outer level of a JSON object, as they are named there, with those that are named twice. */
const namesTwice = (text: string): boolean => {
  let depth = 0;
  let names = new Set<string>();
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?|[{}[\]]/gsu)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && token.endsWith(":")) {
      const name = String(JSON.parse(token.slice(0, -1)));
      if (names.has(name)) return true;
      names = names.add(name);
    }
  }
  return false;
};

/**
 * A JSON object with every number as the text that stands there: amounts never pass through floats, and a number and its
 * text mean the same. Undefined for what is no object, and for one that names a member twice, of which two readers could take
 * another (payment section 4, rule 17).
 */
export const readWireRow = (text: string): WireRow | undefined => {
  try {
    const value = parse(text.replace(/^\uFEFF/u, ""), (_key, each, context) =>
      typeof each === "number" ? exactly(each, context?.source) : each,
    );
    return isWireRow(value) && !namesTwice(text) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Whether a value is a JSON object, and no list. */
export const isWireRow = (value: unknown): value is WireRow =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text of its own, exactly as it came; "" for none, and for what is no text. */
export const wireText = (row: WireRow, name: string): string => {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  return typeof value === "string" ? value : "";
};
