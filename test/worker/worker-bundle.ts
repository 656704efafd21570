import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The Worker as `npm run bundle` makes it, in a folder of its own. */
export interface WorkerBundle {
  readonly folder: string;
  /** The one script that is deployed. */
  readonly script: string;
  remove(): Promise<void>;
}

/** Bundles the Worker as it is deployed; nothing leaves the machine. */
export const bundleWorker = async (): Promise<WorkerBundle> => {
  const folder = await mkdtemp(join(tmpdir(), "ltg-worker-"));
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const bundling = [wrangler, "deploy", "--dry-run", "--minify", "--outdir", folder];
  const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: folder };
  await promisify(execFile)(process.execPath, bundling, { cwd: ROOT, env });
  const remove = () => rm(folder, { recursive: true, force: true });
  return { folder, script: join(folder, "worker.js"), remove };
};
