import { isDeepStrictEqual, parseArgs } from "node:util";
import { dataFolder, endAll } from "./gateway-child.ts";
import { openPortal } from "./portal.ts";
import { pushUnderKills } from "./pushes-under-kills.ts";

const USAGE = `npm run test:pushes -- [--dossiers N] [--kills N] [--seed N]

  --dossiers N   five pushes each (2000)
  --kills N      how often the gateway is killed meanwhile (2)
  --seed N       what is drawn: duplicates, order, faults (the time)`;

const { values } = parseArgs({
  options: {
    dossiers: { type: "string", default: "2000" },
    kills: { type: "string", default: "2" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    help: { type: "boolean", default: false },
  },
});

const run = async (): Promise<void> => {
  const [dossiers, kills, seed] = [values.dossiers, values.kills, values.seed].map(Number);
  if (!dossiers || kills === undefined || !seed) throw new RangeError(USAGE);
  console.log(`seed ${seed}`);
  const portal = await openPortal();
  const folder = await dataFolder();
  try {
    const say = (line: string): void => console.log(line);
    const report = await pushUnderKills({ seed, dossiers, kills, dataDir: folder.path, portal: portal.settings, say });
    const { pushes, told, ...counts } = report;
    const inOrder = isDeepStrictEqual(told, pushes.order);
    console.log({ ...counts, calls: pushes.calls, answers: pushes.answers, notTaken: pushes.notTaken.length, inOrder });
    const well = inOrder && pushes.notTaken.length === 0 && counts.taken === 5 * dossiers && counts.kills === kills;
    console.log(well ? "Well: the province was told each push once, in the order of its dossier." : "Not well.");
    if (!well) process.exitCode = 1;
  } finally {
    await endAll();
    await portal.close();
    await folder.remove();
  }
};

if (values.help) console.log(USAGE);
else await run();
