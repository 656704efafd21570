import type { z } from "zod";
import type { FieldError } from "../../contracts/errors.ts";
import { FIELD_ERRORS, type FieldErrorCode } from "../../contracts/services/fields.ts";

/** A caller is helped by the first faults, not by ten thousand of them. */
const MOST_ERRORS = 100;

const fieldPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}${text && "."}${String(step)}`),
    "",
  );

const isListed = (code: unknown): code is FieldErrorCode => typeof code === "string" && code in FIELD_ERRORS;

const codeOf = (issue: z.core.$ZodIssue, present: boolean): FieldErrorCode => {
  switch (issue.code) {
    case "invalid_type":
      return present ? "wrong_type" : "required";
    case "invalid_value":
    case "invalid_union":
      return present ? "not_allowed" : "required";
    case "too_big":
      return issue.origin === "string" ? "too_long" : issue.origin === "array" ? "too_many" : "out_of_range";
    case "too_small":
      return issue.origin === "string" || issue.origin === "array" ? "too_short" : "out_of_range";
    case "custom":
      return isListed(issue.params?.["code"]) ? issue.params["code"] : "invalid_format";
    default:
      return "invalid_format";
  }
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], input);

/** The issues of a parse as field errors of the closed list. `unknown` is the code for keys outside the contract. */
export const fieldErrors = (
  error: z.ZodError,
  input: unknown,
  unknown: "unknown_field" | "unknown_parameter" = "unknown_field",
): FieldError[] => {
  const found = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        field: fieldPath([...issue.path, key]),
        code: unknown,
        message: FIELD_ERRORS[unknown],
      }));
    }
    const code = codeOf(issue, valueAt(input, issue.path) !== undefined);
    return [{ field: fieldPath(issue.path), code, message: FIELD_ERRORS[code] }];
  });
  return found.slice(0, MOST_ERRORS);
};
