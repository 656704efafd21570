import { onTestFinished } from "vitest";
import { dataFolder, endAll } from "./gateway-child.ts";
import { openPortal, type Portal } from "./portal.ts";

/** A folder for the data of one test's gateways; gone when the test is over, and the gateways with it. */
export const openFolder = async (): Promise<string> => {
  const folder = await dataFolder();
  onTestFinished(async () => {
    await endAll();
    await folder.remove();
  });
  return folder.path;
};

/** A portal that outlives the gateways of one test, each answer `latencyMs` late. */
export const openSlowPortal = async (latencyMs: number): Promise<Portal> => {
  const portal = await openPortal();
  portal.portal.dial.set({ fault: "latency", ms: latencyMs });
  onTestFinished(portal.close);
  return portal;
};
