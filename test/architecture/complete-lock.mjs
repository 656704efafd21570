// Completes package-lock.json after `npm install` (`npm run lock:complete [path]`).
//
// npm leaves an optional dependency out of the lock file when the registry in use does not serve that package (those
// for other operating systems, mostly), and `npm ci` then refuses the lock file because it is missing. This adds each
// of them as an entry without an integrity hash: on a machine of this platform it is never downloaded; on one of that
// platform it would be installed unverified. With a registry that serves everything there is nothing to add.
import { readFileSync, writeFileSync } from "node:fs";
import { argv, stdout } from "node:process";

const OS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPU = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
/** Words in package names that npm spells otherwise, and the C library that a name's last part tells. */
const SPELLING = { windows: "win32", 64: "x64", armv7: "arm", armhf: "arm" };
const LIBC = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

/** Which machines a package is for, as its name tells: `@x/linux-arm64-musl` -> os, cpu and libc. */
const platformOf = (name) => {
  const words = name.split(/[^a-z0-9]+/u).map((word) => SPELLING[word] ?? word);
  const os = words.find((word) => OS.includes(word));
  const cpu = words.find((word) => CPU.includes(word));
  const libc = words.map((word) => LIBC[word]).find((found) => found !== undefined && os === "linux");
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
};

/** Where Node looks for `name` from the package at `place`: its own folder first, the top last. */
const lookupPlaces = (place, name) => {
  const parents = place.split(/(?:^|\/)node_modules\//u).slice(1);
  const paths = parents.map((_, index) =>
    parents
      .slice(0, index + 1)
      .map((parent) => `node_modules/${parent}/`)
      .join(""),
  );
  return [...paths.reverse(), ""].map((prefix) => `${prefix}node_modules/${name}`);
};

/** The entry that is missing for one optional dependency, with its place; undefined if the lock has it. */
const missingEntry = (packages, place, name, range) => {
  const version = /^[\^~]?(\d+\.\d+\.\d+(?:-[\w.-]+)?)$/u.exec(range)?.[1];
  const places = lookupPlaces(place, name);
  const taken = places.findIndex((path) => packages[path] !== undefined);
  // A found version that is not the exact one asked for is another package's: this one goes below it.
  const satisfied = taken === 0 || (taken > 0 && (version !== range || packages[places[taken]].version === version));
  if (version === undefined || satisfied) return undefined;
  const { dev, devOptional } = packages[place];
  const kind = { ...(dev && { dev }), ...(devOptional && { devOptional }), optional: true };
  return { path: places.at(taken === -1 ? -1 : taken - 1), entry: { version, ...kind, ...platformOf(name) } };
};

const file = argv[2] ?? "package-lock.json";
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = [];
for (const [place, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const missing = missingEntry(lock.packages, place, name, range);
    if (missing === undefined) continue;
    lock.packages[missing.path] = missing.entry;
    added.push(missing.path);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
stdout.write(`${[`${file}: ${added.length} entries added`, ...added].join("\n  ")}\n`);
