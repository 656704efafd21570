import type { z } from "zod";

/**
 * What reading one setting gives: the finished value, or every fault of it at once (design section 8).
 * A fault names the setting and the place, never what stands there: settings of this folder are secrets.
 */
export type SettingReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly string[] };

/** A setting that cannot be used, with its faults. */
export const faulty = (faults: readonly string[]): { ok: false; faults: readonly string[] } => ({ ok: false, faults });

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");

const parseJson = (setting: string, source: string): SettingReading<unknown> => {
  try {
    return { ok: true, value: JSON.parse(source) };
  } catch (error) {
    // V8 quotes the text around the fault, which may be a secret: only the position is kept.
    const position = /position \d+/u.exec(error instanceof Error ? error.message : "")?.[0];
    return faulty([`${setting}: not valid JSON${position === undefined ? "" : ` (at ${position})`}`]);
  }
};

/**
 * Reads a setting that holds JSON of a given shape.
 * @param setting the setting's name, with which every fault begins
 */
export const readJsonSetting = <T>(setting: string, source: string, schema: z.ZodType<T>): SettingReading<T> => {
  const json = parseJson(setting, source);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return faulty(parsed.error.issues.map((issue) => `${setting}${placeOf(issue.path)}: ${issue.message}`));
};
