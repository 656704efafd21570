import { randomUUID } from "node:crypto";
import { PLATFORMS, type PlatformId } from "../../contracts/adapter.ts";
import { connect } from "./database-connection.ts";

/** Carries "there is work" between the processes of one database. */
export interface WakeLine {
  /** Tells the other processes; a burst is told once. */
  ring(platform: PlatformId): void;
  close(): Promise<void>;
}

const CHANNEL = "gateway_work";

/**
 * A notification takes a lock that all commits of the server share, so it goes out after the commit of the work, on a
 * connection of its own, and at most this often for each platform.
 */
const RING_EVERY_MS = 20;

/**
 * How often a line makes sure that it hears itself. The driver listens again after a lost connection, but gives up when the
 * database is not back at once, and a connection that broke may never come back: the line is then opened anew.
 */
const CHECK_EVERY_MS = 5000;

const PING = "ping";

const isPlatform = (text: string | undefined): text is PlatformId => PLATFORMS.some((platform) => platform === text);

/**
 * Opens a line over `listen` and `notify`. Polling stays beneath it: while the line is down work is found a little later,
 * and nothing depends on it (design section 6, "Leases").
 *
 * @param hear told of work that another process accepted.
 * @param failed told when the line could not be opened or used; it is opened again by itself once the database is back.
 */
export const openWakeLine = (
  url: string,
  hear: (platform: PlatformId) => void,
  failed: (error: unknown) => void,
  checkEveryMs = CHECK_EVERY_MS,
): WakeLine => {
  const self = randomUUID();
  const dial = () => connect(url, { max: 1, applicationName: "lien-thong-gateway wake line" });
  let sql = dial();
  const ringing = new Map<PlatformId, NodeJS.Timeout>();
  let closed = false;

  let heardMyself = true;

  const report = (error: unknown): void => {
    if (!closed) failed(error);
  };

  const take = (payload: string): void => {
    const [from, word] = payload.split(" ");
    if (from === self) heardMyself ||= word === PING;
    else if (isPlatform(word)) hear(word);
  };

  const open = async (): Promise<void> => {
    await sql.listen(CHANNEL, take);
  };

  const openAnew = async (): Promise<void> => {
    const deaf = sql;
    sql = dial();
    await Promise.all([open(), deaf.end({ timeout: 1 })]);
  };

  const say = (word: string): void => void sql.notify(CHANNEL, `${self} ${word}`).catch(report);

  const send = (platform: PlatformId): void => {
    ringing.delete(platform);
    say(platform);
  };

  let opening = open().catch(report);
  const check = setInterval(() => {
    if (!heardMyself) opening = openAnew().catch(report);
    heardMyself = false;
    say(PING);
  }, checkEveryMs);

  return {
    ring: (platform) => {
      if (closed || ringing.has(platform)) return;
      ringing.set(
        platform,
        setTimeout(() => send(platform), RING_EVERY_MS),
      );
    },
    close: async () => {
      closed = true;
      clearInterval(check);
      for (const timer of ringing.values()) clearTimeout(timer);
      await Promise.all([opening, sql.end({ timeout: 5 })]);
    },
  };
};
