import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Prepared, prepareAccept } from "./accept-row.ts";
import { type BenchServer, startBenchServer } from "./bench-server.ts";
import { prepareDelivery } from "./delivery-row.ts";
import { compare, markdownTable, type Row } from "./figures.ts";
import { describeMachine } from "./machine.ts";

const USAGE = `npm run bench -- [--quick] [--rounds N] [--only KEY,KEY] [--json] [--write]

  --quick     small counts and two rounds: shows that it runs, not how fast
  --rounds N  five or more make a figure
  --only KEYS some of the rows: accept, delivery, delivery-in-order
  --json      prints {rows: [...]} instead of a table
  --write     keeps the table in test/bench/RESULTS.md`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string", default: "accept,delivery,delivery-in-order" },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const { quick } = options;
const rounds = Number(options.rounds ?? (quick ? 2 : 5));

const accept = { connections: 32, seconds: quick ? 1 : 4, warmUpSeconds: quick ? 1 : 5, dossiers: quick ? 200 : 2000 };
const entries = quick ? 1000 : 20_000;
const delivery = { entries, concurrency: 200, warmUpEntries: quick ? 500 : 5000 };

/** Every row by its key: the order of the table. */
const PREPARATIONS: Readonly<Record<string, (server: BenchServer) => Promise<Prepared>>> = {
  accept: (server) => prepareAccept(server, accept),
  delivery: (server) => prepareDelivery(server, { ...delivery, streams: entries }),
  "delivery-in-order": (server) => prepareDelivery(server, { ...delivery, streams: entries / 10 }),
};

const preparationOf = (key: string) => {
  const prepare = PREPARATIONS[key];
  if (prepare === undefined) throw new Error(`there is no row ${key}: ${Object.keys(PREPARATIONS).join(", ")}`);
  return prepare;
};

/** Progress goes beside the result, so that `--json` can be piped. */
const progress = (line: string): void => console.error(line);

const measureRow = async (prepare: (server: BenchServer) => Promise<Prepared>, server: BenchServer): Promise<Row> => {
  const { comparison, stop } = await prepare(server);
  return compare(comparison, rounds, progress).finally(stop);
};

const runAll = async (): Promise<void> => {
  const server = await startBenchServer();
  try {
    const machine = await describeMachine(server);
    const rows: Row[] = [];
    for (const key of options.only.split(",")) rows.push(await measureRow(preparationOf(key), server));
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
else await runAll();
