import { z } from "zod";
import { GatewayError } from "../../contracts/errors.ts";

/** A path with the id of something numbered. */
export const numberParam = z.strictObject({ id: z.string() });

/** The id of a path. One of another shape names nothing: it is not found, never a fault of the database. */
export const numberOf = ({ id }: { id: string }): string => {
  if (!/^[1-9]\d{0,17}$/u.test(id)) throw new GatewayError("not_found");
  return id;
};

/** A position in a list that is ordered by id. */
export const idPosition = z.strictObject({ id: z.string().regex(/^\d{1,18}$/u) });
