import type { Fault, PlatformId } from "../../../contracts/adapter.ts";
import type { Fingerprints } from "../../security/fingerprints.ts";
import { failureShape } from "./failure-shape.ts";

/** Names the cause of a failure: the same for failures of one platform, code and shape of message. */
export type CauseKey = (fault: Fault) => string;

/**
 * The cause of a platform's failures as a keyed hash. Nothing of the message can be read from it; the shape that people
 * see is made again from the sealed message of one of the failures. After a new key is put in front of `LEDGER_KEYS`,
 * new failures of an old cause make a group of their own.
 */
export const createCauseKey =
  (fingerprints: Fingerprints, platform: PlatformId): CauseKey =>
  ({ code, platformCode, message }) =>
    fingerprints.of([platform, code, platformCode?.toWellFormed() ?? null, failureShape(message).toLowerCase()]);
