import type { Adapter, CallContext, Fault } from "../../../contracts/adapter.ts";
import type { Database } from "../../database/database.ts";
import { type ClaimedMirror, claimMirror, renewMirror } from "./claim-mirror.ts";
import { finishMirror } from "./finish-mirror.ts";
import { restMirror } from "./rest-mirror.ts";
import { storeList } from "./store-list.ts";
import { nextCodes, noteTry, storeProcedure } from "./store-procedure.ts";

/** What works at the mirror. */
export interface MirrorParts {
  readonly database: Database;
  readonly tenant: string;
  readonly catalogue: NonNullable<Adapter["catalogue"]>;
  readonly call: CallContext;
  /** Why the platform may not be asked now, or null. */
  readonly hold: () => Promise<string | null>;
  /** Questions asked in one second at most. */
  readonly ratePerSecond: number;
  /** Rest after a fault that passes by itself, in seconds. */
  readonly restSeconds: number;
}

/** Questions of one claim. */
const BATCH = 10;
const LONGEST_ERROR = 500;

const causeOf = ({ code, message }: Fault) => ({ code, message: message.slice(0, LONGEST_ERROR) });

/** Whatever is not a readable no passes by itself: the run goes on where it is. */
const rest = async ({ database, tenant, restSeconds }: MirrorParts, fence: string, fault: Fault): Promise<false> => {
  await restMirror(database, tenant, fence, { seconds: restSeconds, because: causeOf(fault) });
  return false;
};

const list = async (parts: MirrorParts, fence: string): Promise<boolean> => {
  const { database, tenant, catalogue, call } = parts;
  const listed = await catalogue.list(call);
  if (listed.ok) return storeList(database, tenant, fence, listed.value);
  if (listed.fault.outcome !== "refused") return rest(parts, fence, listed.fault);
  await finishMirror(database, tenant, fence, causeOf(listed.fault));
  return false;
};

const read = async (parts: MirrorParts, fence: string): Promise<boolean> => {
  const { database, tenant, catalogue, call, ratePerSecond } = parts;
  const codes = await nextCodes(database, tenant, BATCH);
  if (codes.length === 0) {
    await finishMirror(database, tenant, fence);
    return false;
  }
  for (const { code, platform_code: platformCode } of codes) {
    if (!(await renewMirror(database, tenant, fence))) return false;
    const found = await catalogue.read(platformCode, call);
    const passes = !found.ok && found.fault.outcome !== "refused" && !(await noteTry(database, tenant, code));
    if (passes) return rest(parts, fence, found.fault);
    const content = found.ok ? found.value : null;
    if (!(await storeProcedure(database, tenant, fence, { code, platformCode, content }))) return false;
  }
  const pause = codes.length / ratePerSecond;
  await restMirror(database, tenant, fence, { seconds: pause, because: null });
  return true;
};

const work = async (parts: MirrorParts, { fence, stage }: ClaimedMirror): Promise<boolean> => {
  const { database, tenant, hold } = parts;
  const held = await hold();
  if (held !== null) {
    const message = `the platform is held: ${held}`;
    await restMirror(database, tenant, fence, { seconds: parts.restSeconds, because: { code: held, message } });
    return false;
  }
  if (stage === "reading") return read(parts, fence);
  if (!(await list(parts, fence))) return false;
  return read(parts, fence);
};

/**
 * One bounded piece of mirroring the catalogue (domain section 1, no. 5): the list, or some of its procedures. How far it is
 * stands in the tables alone; one process works at it at a time, and another goes on where one died.
 *
 * @returns whether anything was done: when not, a pause is in order.
 */
export const stepMirror = async (parts: MirrorParts): Promise<boolean> => {
  const claimed = await claimMirror(parts.database, parts.tenant);
  return claimed === null ? false : work(parts, claimed);
};
