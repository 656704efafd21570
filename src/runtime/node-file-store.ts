import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "../files/object-store.ts";

/** A write that was cut off by the end of its process leaves this; it is swept away once it is this old. */
const STALE_MS = 24 * 3_600_000;
const UNFINISHED = ".part";

/** Two letters of the name choose the folder: no folder gets too many entries. */
const folderOf = (root: string, name: string): string => join(root, name.slice(-2));

const isAbsent = (error: unknown): boolean => (error as { code?: unknown }).code === "ENOENT";

const checkName = (name: string): string => {
  if (!/^[\w-]{4,100}$/u.test(name)) throw new RangeError("not a name of a stored file");
  return name;
};

/** Files on a disk below `root`: written aside, made durable, then given their name. */
export const createNodeFileStore = (root: string): ObjectStore => {
  const pathOf = (name: string): string => join(folderOf(root, checkName(name)), name);
  return {
    write: async (name, bytes) => {
      const path = pathOf(name);
      const aside = `${path}${UNFINISHED}`;
      await mkdir(folderOf(root, name), { recursive: true, mode: 0o700 });
      const file = await open(aside, "wx", 0o600);
      try {
        try {
          for await (const part of bytes) await file.writeFile(part);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(aside, path);
        // The name itself is durable once its folder is.
        const folder = await open(folderOf(root, name), "r");
        await folder.sync().finally(() => folder.close());
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    },
    read: async (name, { first, last }) => {
      try {
        const file = await open(pathOf(name), "r");
        return createReadStream("", { fd: file, start: first, end: last, autoClose: true });
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
};

/** Removes what killed processes left half written. @returns how many */
export const sweepUnfinished = async (root: string, now: Date): Promise<number> => {
  let swept = 0;
  const folders = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const folder of folders.filter((entry) => entry.isDirectory())) {
    for (const name of await readdir(join(root, folder.name))) {
      const path = join(root, folder.name, name);
      if (!name.endsWith(UNFINISHED) || now.getTime() - (await stat(path)).mtimeMs < STALE_MS) continue;
      await rm(path, { force: true });
      swept += 1;
    }
  }
  return swept;
};
