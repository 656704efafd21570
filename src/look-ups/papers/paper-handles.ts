import type { PaperPlace } from "../../../contracts/papers.ts";
import type { Sealer } from "../../security/sealing.ts";

/** What a handle stands for: one file of one citizen's paper, for one dossier. */
export interface PaperHandle {
  readonly owner: string;
  readonly dossierCode: string;
  readonly place: PaperPlace;
  readonly name: string;
  /** In milliseconds since the epoch. */
  readonly until: number;
}

/** Whose handle it is: nobody else can use it. */
export interface HandleHolder {
  readonly client: string;
  readonly officer: string;
}

/** How long a handle may be used. */
export const HANDLE_LIFE_MS = 15 * 60_000;

/** Makes and reads handles: they hold all that they stand for, sealed, so that any process can use them and nobody read them. */
export interface PaperHandles {
  make(handle: PaperHandle, holder: HandleHolder): string;
  /** Null: it is none of this holder's. Whether it is still in time is the caller's to see. */
  read(id: string, holder: HandleHolder): PaperHandle | null;
}

const BASE64URL = /^[A-Za-z0-9_-]+$/u;

/** Handles of one deployment. */
export const createPaperHandles = (tenant: string, sealer: Sealer): PaperHandles => {
  const contextOf = (holder: HandleHolder): string =>
    `paper:${JSON.stringify([tenant, holder.client, holder.officer])}`;
  return {
    make: (handle, holder) => Buffer.from(sealer.seal(JSON.stringify(handle), contextOf(holder))).toString("base64url"),
    read: (id, holder) => {
      if (!BASE64URL.test(id)) return null;
      try {
        return JSON.parse(sealer.open(Buffer.from(id, "base64url"), contextOf(holder))) as PaperHandle;
      } catch {
        return null;
      }
    },
  };
};
