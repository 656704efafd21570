import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { endAll } from "../processes/gateway-child.ts";
import { type BenchServer, startBenchServer } from "./bench-server.ts";
import { stopAllProcesses } from "./commands.ts";
import { compare, type Row } from "./figures.ts";
import { describeMachine } from "./machine.ts";
import { preparations } from "./rows.ts";
import { markdownTable } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const { quick } = options;
const rounds = Number(options.rounds ?? (quick ? 2 : 5));
const all = preparations(quick);

const USAGE = `npm run bench -- [--quick] [--rounds N] [--only KEY,KEY] [--json] [--write]

  --quick     small counts and two rounds: shows that it runs, not how fast
  --rounds N  five or more make a figure
  --only KEYS some of: ${Object.keys(all).join(", ")}
  --json      prints {rows: [...]} instead of a table
  --write     keeps the table in test/bench/RESULTS.md`;

/** The keys asked for. @throws for one that there is not, before anything is started. */
const chosenKeys = (): readonly string[] => {
  const keys = options.only?.split(",") ?? Object.keys(all);
  const unknown = keys.filter((key) => all[key] === undefined);
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(", ")}\n\n${USAGE}`);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1\n\n${USAGE}`);
  return keys;
};

/** Progress goes beside the result, so that `--json` can be piped. */
const progress = (line: string): void => console.error(line);

/** Measures the rows of one key; what was measured before one of them failed stays in `rows`. */
const measure = async (key: string, server: BenchServer, rows: Row[]): Promise<void> => {
  const prepare = all[key];
  if (prepare === undefined) return;
  try {
    const { comparisons, stop } = await prepare(server);
    for (const comparison of comparisons) rows.push(await compare(comparison, rounds, progress));
    await stop();
  } finally {
    await Promise.all([stopAllProcesses(), endAll()]);
  }
};

const runAll = async (keys: readonly string[]): Promise<void> => {
  const server = await startBenchServer();
  try {
    const machine = await describeMachine(server);
    const rows: Row[] = [];
    for (const key of keys) {
      // What was measured before is worth an hour: a row that fails is told and leaves the others standing.
      await measure(key, server, rows).catch((error: unknown) => {
        progress(`${key} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        process.exitCode = 1;
      });
    }
    const report = [...machine, `- Rounds: ${rounds}${quick ? " (--quick)" : ""}`, "", markdownTable(rows)].join("\n");
    console.log(options.json ? JSON.stringify({ rows }, null, 2) : report);
    if (options.write) {
      await writeFile(new URL("./RESULTS.md", import.meta.url), `# Figures of \`npm run bench\`\n\n${report}\n`);
    }
  } finally {
    await server.stop();
  }
};

if (options.help) console.log(USAGE);
else await runAll(chosenKeys());
