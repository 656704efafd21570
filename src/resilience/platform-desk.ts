import { PLATFORMS, type PlatformId } from "../../contracts/adapter.ts";
import type { Hold, PlatformLine, PlatformWindow } from "../../contracts/services/platforms.ts";
import type { Executor } from "../database/database.ts";
import { measureBacklog } from "../ledger/measure-backlog.ts";
import { type AuditedAct, recordAct } from "../security/audit.ts";
import { type HoldSettings, holdOf } from "./hold.ts";
import { pausePlatform } from "./pause-platform.ts";
import { type PlatformBacklog, platformLine } from "./platform-line.ts";
import { readPlatformFacts } from "./read-platform-facts.ts";
import { resumePlatform } from "./resume-platform.ts";
import { saveWindows } from "./save-windows.ts";

type Actor = Pick<AuditedAct, "actorKind" | "actor" | "correlationId">;

/** What people see and do about platforms. Every change is audited in the caller's transaction. */
export interface PlatformDesk {
  /** One line for each platform, also for those that are not configured. */
  list(executor: Executor): Promise<PlatformLine[]>;
  /** Holds a platform's entries; one that is paused stays as it is. */
  pause(executor: Executor, platform: PlatformId, reason: string | undefined, actor: Actor): Promise<PlatformLine>;
  resume(executor: Executor, platform: PlatformId, actor: Actor): Promise<PlatformLine>;
  /** The windows in force: those that were put, or those of the setting. */
  windows(executor: Executor, platform: PlatformId): Promise<readonly PlatformWindow[]>;
  setWindows(executor: Executor, platform: PlatformId, windows: readonly PlatformWindow[], actor: Actor): Promise<void>;
}

/** What the desk is made of. */
export interface PlatformDeskParts {
  readonly tenant: string;
  readonly settings: (platform: PlatformId) => HoldSettings;
  readonly isConfigured: (platform: PlatformId) => boolean;
}

const NONE: PlatformBacklog = { backlog: 0, oldestWaitingSeconds: null };

const readBacklogs = async (executor: Executor, tenant: string): Promise<Map<string, PlatformBacklog>> => {
  const backlogs = new Map<string, PlatformBacklog>();
  for (const { platform, state, count, oldestSeconds } of await measureBacklog(executor, tenant)) {
    if (state === "failed") continue;
    const { backlog, oldestWaitingSeconds } = backlogs.get(platform) ?? NONE;
    const waits = state === "queued" || state === "waiting";
    backlogs.set(platform, {
      backlog: backlog + count,
      oldestWaitingSeconds: waits ? Math.max(oldestWaitingSeconds ?? 0, oldestSeconds) : oldestWaitingSeconds,
    });
  }
  return backlogs;
};

/** Which platforms hold their entries now, and why. */
export const readHolds = async (
  executor: Executor,
  tenant: string,
  settings: (platform: PlatformId) => HoldSettings,
): Promise<ReadonlyMap<PlatformId, Hold>> => {
  const facts = await readPlatformFacts(executor, tenant, PLATFORMS);
  return new Map(
    facts.flatMap((each): [PlatformId, Hold][] => {
      const hold = holdOf(each, settings(each.platform));
      return hold === null ? [] : [[each.platform, hold]];
    }),
  );
};

/** The desk of one deployment. */
export const createPlatformDesk = ({ tenant, settings, isConfigured }: PlatformDeskParts): PlatformDesk => {
  const lines = async (executor: Executor, platforms: readonly PlatformId[]): Promise<PlatformLine[]> => {
    const facts = await readPlatformFacts(executor, tenant, platforms);
    const backlogs = await readBacklogs(executor, tenant);
    return facts.map((each) =>
      platformLine(each, settings(each.platform), isConfigured(each.platform), backlogs.get(each.platform) ?? NONE),
    );
  };
  const lineOf = async (executor: Executor, platform: PlatformId): Promise<PlatformLine> => {
    const [line] = await lines(executor, [platform]);
    if (line === undefined) throw new Error(`no line for ${platform}`);
    return line;
  };
  return {
    list: (executor) => lines(executor, PLATFORMS),
    pause: async (executor, platform, reason, actor) => {
      if (await pausePlatform(executor, tenant, platform)) {
        const detail = { reason: reason ?? null };
        await recordAct(executor, tenant, { ...actor, action: "platform.pause", subject: platform, detail });
      }
      return lineOf(executor, platform);
    },
    resume: async (executor, platform, actor) => {
      if (await resumePlatform(executor, tenant, platform)) {
        await recordAct(executor, tenant, { ...actor, action: "platform.resume", subject: platform });
      }
      return lineOf(executor, platform);
    },
    windows: async (executor, platform) => {
      const [facts] = await readPlatformFacts(executor, tenant, [platform]);
      return facts?.windows ?? settings(platform).windows;
    },
    setWindows: async (executor, platform, windows, actor) => {
      await saveWindows(executor, tenant, platform, windows);
      const detail = { windows: windows.length };
      await recordAct(executor, tenant, { ...actor, action: "platform.windows", subject: platform, detail });
    },
  };
};
