import { parseArgs } from "node:util";
import { planEveryPoint, planRound } from "./plan-round.ts";
import { longestOf, printedReport } from "./report.ts";
import { runRounds, TAKE_OVER_MS } from "./rounds.ts";

const USAGE = `npm run test:crash -- [--rounds N] [--seed N] [--gateways N] [--check-every N] [--minutes N]

  --rounds N       how many rounds of kills, restarts and bad weather (200)
  --seed N         what the rounds are drawn from (the time)
  --gateways N     processes on the one database (3)
  --check-every N  rounds between two moments of rest at which everything is checked (8)
  --minutes N      begins no further round after so long (60)`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string" },
    gateways: { type: "string", default: "3" },
    "check-every": { type: "string", default: "8" },
    minutes: { type: "string", default: "60" },
    help: { type: "boolean", default: false },
  },
});

const numberOf = (name: string, text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`--${name} takes a whole number from 1 on`);
  return number;
};

const run = async (): Promise<void> => {
  const rounds = numberOf("rounds", values.rounds);
  const gateways = numberOf("gateways", values.gateways);
  const end = Date.now() + numberOf("minutes", values.minutes) * 60_000;
  const seed = numberOf("seed", values.seed ?? String(Date.now() % 1_000_000_000));
  console.log(`seed ${seed}`);
  let every: ReturnType<typeof planEveryPoint> | undefined;
  const report = await runRounds({
    seed,
    gateways,
    checkEvery: numberOf("check-every", values["check-every"]),
    // First each place once, then whatever is drawn.
    plans: (random, round) => {
      every ??= planEveryPoint(gateways, random);
      return round >= rounds || Date.now() > end ? undefined : (every[round] ?? planRound(gateways, random));
    },
    say: (line) => console.log(line),
  });
  console.log(printedReport(report));
  const slow = longestOf(report.takeOvers.filter(({ calm }) => calm)) > TAKE_OVER_MS;
  if (slow) console.log(`a take-over took longer than ${TAKE_OVER_MS / 1000} s`);
  if (slow || report.faults.length > 0) process.exitCode = 1;
};

if (values.help) console.log(USAGE);
else await run();
