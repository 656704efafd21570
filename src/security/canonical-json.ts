const canonicalObject = (value: object): string => {
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    throw new TypeError("canonical JSON: only plain objects, arrays, strings, numbers, booleans and null");
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
};

/**
 * One text per JSON value: members sorted by name (UTF-16 order, as RFC 8785 section 3.2.3), no white space, members
 * that are `undefined` left out. Throws `TypeError` for what JSON cannot say, rather than writing `null` for it.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) return canonicalObject(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  throw new TypeError(
    `canonical JSON: ${typeof value === "number" ? String(value) : typeof value} is not a JSON value`,
  );
};
