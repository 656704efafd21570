import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's top folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What belongs to the machine and not to the project: the folders that .gitignore names, and git's own. */
const IGNORED = new Set([
  ".git",
  ...readFileSync(join(ROOT, ".gitignore"), "utf8")
    .split("\n")
    .filter((line) => line.endsWith("/"))
    .map((line) => line.slice(0, -1)),
]);

const entriesOf = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The names of the folders directly in `folder` (relative to the top); none if it is not there. */
export const foldersIn = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? entriesOf(folder)
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : [];

/** The paths, relative to the top, of all files at or below `folder` whose name ends in `ending`. */
export const filesUnder = (folder: string, ending = ""): string[] => {
  if (!existsSync(join(ROOT, folder))) return [];
  return entriesOf(folder).flatMap((entry) => {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesUnder(path, ending);
    return entry.isFile() && path.endsWith(ending) ? [path] : [];
  });
};

/** The text of one file, its path relative to the top. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");
