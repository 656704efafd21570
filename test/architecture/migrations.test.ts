import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { filesUnder, textOf } from "./tree.ts";

const FOLDER = "src/database/migrations";

/** Beside this file: one line per migration, `<sha256>  <file name>`, extended by hand when one is added. */
const CHECKSUMS = "test/architecture/migrations.sha256";

const journalSchema = z.object({ entries: z.array(z.object({ idx: z.int(), tag: z.string(), when: z.int() })) });

const migrations = filesUnder(FOLDER, ".sql").map((path) => path.slice(FOLDER.length + 1));
const lineOf = (name: string): string =>
  `${createHash("sha256")
    .update(textOf(`${FOLDER}/${name}`))
    .digest("hex")}  ${name}`;

test("migrations are numbered from 0000 without a gap", () => {
  expect(migrations.length).toBeGreaterThan(0);
  const expected = migrations.map((_, index) => String(index).padStart(4, "0"));
  expect(migrations.map((name) => /^(\d{4})_[a-z0-9_]+\.sql$/u.exec(name)?.[1])).toEqual(expected);
});

test("the journal lists the migrations in their order", () => {
  const { entries } = journalSchema.parse(JSON.parse(textOf(`${FOLDER}/meta/_journal.json`)));
  expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(migrations);
  expect(entries.map(({ idx }) => idx)).toEqual(migrations.map((_, index) => index));
  // The migrator applies what is younger than the last one applied: a migration dated back would be skipped.
  const dates = entries.map(({ when }) => when);
  expect(dates).toEqual([...new Set(dates)].sort((a, b) => a - b));
});

test("a migration that was published is never edited, renamed or removed", () => {
  const kept = textOf(CHECKSUMS).split("\n").filter(Boolean);
  const now = migrations.map(lineOf);
  const missing = now.filter((line) => !kept.some((known) => known.slice(66) === line.slice(66)));
  const advice = `Add to ${CHECKSUMS}:\n${missing.join("\n")}\n`;
  expect(missing, advice).toEqual([]);
  expect(now, "A published migration was changed: restore it and write a new one").toEqual(kept);
});
