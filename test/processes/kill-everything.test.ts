import { expect, test } from "vitest";
import { startGateway, tokenOf } from "./gateway-child.ts";
import { disorderOf, mostRepeated } from "./portal.ts";
import { drainedOf, startProvince, sumsOf } from "./province.ts";
import { openFolder } from "./surroundings.ts";

interface SimulatorState {
  readonly counts: { readonly steps: number; readonly repeatedSteps: number };
  readonly dossiers: readonly {
    readonly MaHoSo: string;
    readonly steps: readonly { readonly NoiDungXuLy: string; readonly repeated: boolean }[];
  }[];
}

const stateOf = async (url: string | undefined): Promise<SimulatorState> =>
  (await (await fetch(`${url}/__simulator/state`)).json()) as SimulatorState;

test("after a kill of everything, database and simulator too, the next start on the same folder finishes it all", async () => {
  const settings = { DATA_DIR: await openFolder(), NATIONAL_PORTAL_RETRY_MAX_MS: "200" };
  const first = await startGateway(settings);
  const token = await tokenOf(first.url);
  let urls = [first.url];
  const load = { dossiers: 24, steps: 5, series: 1 };
  const province = startProvince(() => urls, token, load);
  const stepsThere = async () => (await stateOf(first.simulatorUrl)).counts.steps;
  await province.until(expect.poll(stepsThere, { timeout: 10_000 }).toBeGreaterThan(20));
  urls = [];
  await first.killAll();
  const accepted = province.accepted;
  const second = await startGateway(settings);
  // What was answered with 202 was committed, and is still there.
  expect((await sumsOf(second.url, token)).accepted).toBeGreaterThanOrEqual(accepted);
  urls = [second.url];
  await province.done;
  const sums = await drainedOf(second.url, token, 15);
  expect(sums).toMatchObject({ accepted: 24 * 6, delivered: 24 * 6, failed: 0 });
  const { dossiers, counts } = await stateOf(second.simulatorUrl);
  expect(dossiers.map(({ MaHoSo }) => MaHoSo).sort()).toEqual([...province.codes].sort());
  const found = dossiers.flatMap((dossier) =>
    disorderOf(
      dossier.steps.map(({ NoiDungXuLy }) => NoiDungXuLy),
      load.steps,
    ),
  );
  expect(found).toEqual([]);
  expect(counts.steps - counts.repeatedSteps).toBe(24 * 5);
  expect(mostRepeated(dossiers)).toBeLessThanOrEqual(1);
  expect((await second.stop()).code).toBe(0);
});
