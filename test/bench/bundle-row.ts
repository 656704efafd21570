import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../worker/worker-bundle.ts";
import type { Prepared } from "./figures.ts";

/** The size of the Worker as it is deployed. */
export const prepareBundle = async (): Promise<Prepared> => {
  const measure = async (): Promise<number> => {
    const bundle = await bundleWorker();
    const script = await readFile(bundle.script).finally(() => bundle.remove());
    return gzipSync(script).length / 1000;
  };
  return {
    comparisons: [
      {
        name: "Worker bundle, gzip",
        unit: "KB",
        ours: { name: "ours", measure },
        peers: [],
        bars: [{ below: 600 }],
        mostRounds: 1,
        notes: () => ["as `npm run bundle` makes it, minified; the documentation page is not in it"],
      },
    ],
    stop: async () => undefined,
  };
};
