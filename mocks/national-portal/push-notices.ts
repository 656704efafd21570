import type { PortalPush } from "./push-messages.ts";
import { amendmentNotice, promotionNotice } from "./push-messages.ts";

/** A notice that was filed at the portal, as far as a rehearsal says. */
export interface FiledNotice {
  readonly MaHoSo: string;
  readonly MaTTHC: string;
  readonly TenThuongNhan: string;
  /** `yyyyMMddHHmmss` (np 2.2). */
  readonly NgayNopHoSo: string;
  /** The notice that it amends; absent: a notice of its own. */
  readonly amends?: string;
}

/** Which notices are pushed, and where to. */
export interface NoticePlan {
  /** Base address of the gateway. */
  readonly gateway: string;
  /** `X-Api-Key`. */
  readonly key: string;
  readonly notices: readonly FiledNotice[];
}

/** What became of the notices: codes. */
export interface NoticeReport {
  /** Answered 0: new to the gateway. */
  readonly taken: readonly string[];
  /** Answered 1: pushed before. */
  readonly known: readonly string[];
  readonly notTaken: readonly { readonly code: string; readonly cause: string }[];
}

/** How the simulator calls out. */
export interface NoticeSurroundings {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly wait: (ms: number) => Promise<void>;
}

const AT_ONCE = 8;
const MOST_TRIES = 20;
const PAUSE_MS = 250;

const pushOf = ({ amends, ...notice }: FiledNotice): PortalPush =>
  amends === undefined ? promotionNotice(notice) : amendmentNotice({ ...notice, amends });

/** Pushes each notice until the gateway answers that it has it (np 2.6). */
export const pushNotices = async (
  { gateway, key, notices }: NoticePlan,
  { fetch, wait }: NoticeSurroundings,
): Promise<NoticeReport> => {
  const report = { taken: [] as string[], known: [] as string[], notTaken: [] as { code: string; cause: string }[] };

  const send = async ({ path, body }: PortalPush): Promise<string> => {
    try {
      const response = await fetch(`${gateway}/portal/forward/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": key },
        body: JSON.stringify(body),
      });
      const { error_code, message } = (await response.json()) as { error_code?: unknown; message?: unknown };
      return response.status === 200 && /^[01]$/u.test(String(error_code))
        ? String(error_code)
        : `${response.status} ${String(message ?? "")}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  const sendUntilTaken = async (push: PortalPush): Promise<void> => {
    let answer = await send(push);
    for (let tries = 1; answer !== "0" && answer !== "1" && tries < MOST_TRIES; tries++) {
      await wait(PAUSE_MS);
      answer = await send(push);
    }
    if (answer === "0") report.taken.push(push.code);
    else if (answer === "1") report.known.push(push.code);
    else report.notTaken.push({ code: push.code, cause: answer });
  };

  const waiting = notices.values();
  const work = async (): Promise<void> => {
    for (const notice of waiting) await sendUntilTaken(pushOf(notice));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return report;
};

const MOST_NOTICES = 1000;

const isNotice = (given: unknown): given is FiledNotice => {
  const notice = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const texts = [notice["MaHoSo"], notice["MaTTHC"], notice["TenThuongNhan"], notice["NgayNopHoSo"]];
  return texts.every((text) => typeof text === "string" && text !== "");
};

/** Reads a plan from outside. Throws `RangeError` that says what it has to be. */
export const readNoticePlan = (input: unknown): NoticePlan => {
  const { gateway, key, notices } = (typeof input === "object" && input !== null ? input : {}) as Record<
    string,
    unknown
  >;
  const reachable = typeof gateway === "string" && /^https?:\/\//u.test(gateway) && typeof key === "string";
  if (!reachable || !Array.isArray(notices) || notices.length > MOST_NOTICES || !notices.every(isNotice)) {
    throw new RangeError(
      "gateway (address), key (text), notices (at most 1000): MaHoSo, MaTTHC, TenThuongNhan, NgayNopHoSo, amends?",
    );
  }
  return input as NoticePlan;
};
