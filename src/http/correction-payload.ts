import type { z } from "zod";
import type { FieldError } from "../../contracts/errors.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { statusCorrectionSchema } from "../../contracts/services/corrections.ts";
import { dossierEventSchema, dossierSchema } from "../../contracts/services/dossier.ts";
import type { StatusChange } from "../ledger/open-message.ts";
import type { CorrectableEntry } from "../replays/corrections/read-correctable.ts";
import { fieldErrors } from "./field-errors.ts";

const belowPayload = (errors: readonly FieldError[]): GatewayError =>
  new GatewayError("invalid_request", {
    errors: errors.map((error) => ({ ...error, field: error.field === "" ? "payload" : `payload.${error.field}` })),
  });

const parse = <S extends z.ZodType>(schema: S, payload: unknown): z.infer<S> => {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) throw belowPayload(fieldErrors(parsed.error, payload));
  return parsed.data;
};

const shaped = ({ operation, payload: original }: CorrectableEntry, payload: unknown): unknown => {
  switch (operation) {
    case "dossier.put":
      return parse(dossierSchema, payload);
    case "dossier.step":
      return parse(dossierEventSchema, payload);
    case "dossier.status":
      return { ...(original as StatusChange), change: parse(statusCorrectionSchema, payload) };
    case "question.put":
    case "question.answer":
    case "satisfaction.put":
    case "citizen.lookup-deferred":
    case "webhook.deliver":
      // Such an entry is not open to correction.
      throw new GatewayError("conflict");
  }
};

/**
 * A proposed payload, checked by the schema of the entry's operation and by the limits of its platform.
 *
 * @param limitsOf what the platform's adapter has against the payload.
 * @throws GatewayError `invalid_request`, its fields below `payload`.
 */
export const correctionPayload = (
  entry: CorrectableEntry,
  payload: unknown,
  limitsOf: (entry: CorrectableEntry, payload: unknown) => readonly FieldError[],
): unknown => {
  const checked = shaped(entry, payload);
  const errors = limitsOf(entry, checked);
  if (errors.length > 0) throw belowPayload(errors);
  return checked;
};
