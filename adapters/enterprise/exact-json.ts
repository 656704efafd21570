/** What the parser says of a primitive besides its value: the characters that stood there. */
interface SourceOf {
  readonly source?: string;
}

type Revive = (key: string, value: unknown, context?: SourceOf) => unknown;

const parse = JSON.parse as (text: string, revive: Revive) => unknown;

/** A runtime that does not show the source must not let a rounded number pass for an exact one. */
const exactly = (value: number, source: string | undefined): string | null =>
  source ?? (Number.isSafeInteger(value) ? String(value) : null);

/**
 * Parses JSON with every number as the text that stands on the wire: capital goes beyond 2^53 (registries section 2.6),
 * and `1` and `"1"` mean the same in these answers.
 *
 * @throws SyntaxError, or RangeError for one nested too deep.
 */
export const parseExact = (text: string): unknown =>
  parse(text.replace(/^\uFEFF/u, ""), (_key, value, context) =>
    typeof value === "number" ? exactly(value, context?.source) : value,
  );
