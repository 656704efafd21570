import type { PlatformCache } from "../../contracts/adapter.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { PushAnswer } from "../../contracts/platforms/national-portal/inbound.ts";
import type { Database } from "../database/database.ts";
import { type FirstLook, isBelieved, type KnockingCall, lookFirst } from "./authenticity.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { InboundParts } from "./inbound-parts.ts";
import { findFile, readWhole } from "./keep-files.ts";
import { answerBill, answerStatus } from "./look-ups.ts";
import type { ReadBody } from "./read-body.ts";
import { type CameIn, receivePush } from "./receive-push.ts";

/** A file of an event, whole: on Workers nothing can be read any more once the answer has begun. */
export interface EventFileBytes {
  readonly name: string;
  readonly type: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** What the portal may call, and the files that came with it. */
export interface PortalDesk {
  /** What is known of a call before its body is read. */
  lookFirst(call: KnockingCall): FirstLook;
  /** Whether the key that a body shows is one of ours. */
  isBelieved(body: ReadBody): boolean;
  /** Room for a body, given back by calling what is returned; null: there is none. Callers who have shown no key share a small part. */
  room(bytes: number, believed: boolean): (() => void) | null;
  /** Rejects only when the push could not be recorded. */
  push(came: CameIn): Promise<PushAnswer>;
  status(body: ReadBody): Promise<object>;
  bill(body: ReadBody): Promise<object>;
  /** A file of an event; null: there is no room for it now. @throws GatewayError `not_found` */
  readFile(boundary: string, place: { readonly eventId: string; readonly n: number }): Promise<EventFileBytes | null>;
}

/** What the desk is made of. */
export interface PortalDeskParts extends InboundParts {
  readonly database: Database;
  readonly cache: PlatformCache;
  readonly budgets: { readonly believed: ByteBudget; readonly unknown: ByteBudget };
  /** Told after a commit that gave webhooks work. */
  readonly told: () => void;
}

/** The desk over one database. */
export const createPortalDesk = (parts: PortalDeskParts): PortalDesk => {
  const { database, cache, budgets, settings, dialect, told } = parts;
  return {
    lookFirst: (call) => lookFirst(call, settings),
    isBelieved: ({ value }) => isBelieved(dialect.sharedKeyIn(value), settings),
    room: (bytes, believed) => budgets[believed ? "believed" : "unknown"].take(bytes),
    push: async (came) => {
      const received = await receivePush(database, parts, came);
      if (received.told) told();
      return received.answer;
    },
    status: ({ value }) => answerStatus(database, parts, cache, value),
    bill: ({ value }) => answerBill(database, parts, value),
    readFile: async (boundary, place) => {
      const file = await findFile(database, parts, boundary, place);
      if (file === null) throw new GatewayError("not_found");
      const leave = budgets.believed.take(file.size);
      if (leave === null) return null;
      try {
        return { ...file, bytes: await readWhole(database, parts, file) };
      } finally {
        leave();
      }
    },
  };
};
