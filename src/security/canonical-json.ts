const canonicalObject = (value: object): string => {
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) {
    throw new TypeError("canonical JSON: only plain objects, arrays, strings, numbers, booleans and null");
  }
  // One text and one loop: this stands on the path of every call. Without a comparison `sort` is that of UTF-16 code units.
  let members = "";
  for (const name of Object.keys(value).sort()) {
    const member: unknown = value[name as keyof typeof value];
    if (member === undefined) continue;
    members += `${members === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
};

/**
 * One text per JSON value: members sorted by name (UTF-16 order, as RFC 8785 section 3.2.3), no white space, members
 * that are `undefined` left out. Throws `TypeError` for what JSON cannot say, rather than writing `null` for it.
 */
export const canonicalJson = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) return canonicalObject(value);
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  throw new TypeError(
    `canonical JSON: ${typeof value === "number" ? String(value) : typeof value} is not a JSON value`,
  );
};
