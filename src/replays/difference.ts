import type { Difference } from "../../contracts/services/replays.ts";
import { maskWords, type PublicFields } from "../ledger/mask.ts";

const HIDDEN = "•••";

/** More changed fields than anyone reads. */
const MAX_FIELDS = 200;

interface Leaf {
  readonly value: string;
  /** The field's own name, lower case, without its path. */
  readonly name: string;
}

const collect = (value: unknown, path: string, name: string, leaves: Map<string, Leaf>): void => {
  const inner = value !== null && typeof value === "object" ? Object.entries(value) : [];
  if (inner.length === 0) {
    leaves.set(path, { value: typeof value === "string" ? value : JSON.stringify(value), name: name.toLowerCase() });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${path}[${index}]`, name, leaves);
  } else {
    for (const [key, item] of inner) collect(item, path === "" ? key : `${path}.${key}`, key, leaves);
  }
};

const leavesOf = (value: unknown): Map<string, Leaf> => {
  const leaves = new Map<string, Leaf>();
  if (value !== undefined) collect(value, "", "", leaves);
  return leaves;
};

const shown = (leaf: Leaf | undefined, visible: PublicFields | null): string | null => {
  if (leaf === undefined) return null;
  if (visible === null || leaf.value === "") return leaf.value;
  if (!visible.has(leaf.name)) return HIDDEN;
  return /\s/u.test(leaf.value) ? maskWords(leaf.value) : leaf.value;
};

/**
 * Pure: the fields in which two JSON values differ, by their paths. A value outside `visible` (names in lower case;
 * null: everything is visible) is dots on both sides: that it changed is told, what it is or was is not.
 *
 * @param then undefined: there is nothing to compare with; every field of `now` is new.
 */
export const differenceOf = (then: unknown, now: unknown, visible: PublicFields | null): Difference[] => {
  const before = leavesOf(then);
  const after = leavesOf(now);
  return (
    [...new Set([...before.keys(), ...after.keys()])]
      .filter((field) => before.get(field)?.value !== after.get(field)?.value)
      .slice(0, MAX_FIELDS)
      // biome-ignore lint/suspicious/noThenProperty: the name of api section 4; it holds a text, so nothing can call it.
      .map((field) => ({ field, then: shown(before.get(field), visible), now: shown(after.get(field), visible) }))
  );
};

/** A body of evidence as a value: JSON where it is that, else one text without fields. */
export const bodyValue = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};
