import { execFileSync } from "node:child_process";
import { chmod, chown, rm } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "../scratch-folder.ts";
import { type Account, startGatewayProcess } from "./gateway-process.ts";

/** A folder for one test, with the place of its data directory. */
export interface ClusterFolder {
  readonly path: string;
  readonly dataDir: string;
  remove(): Promise<void>;
}

/** A database that was started and stopped once, to be copied: making one anew for each test takes a second. */
export interface ClusterTemplate {
  copy(): Promise<ClusterFolder>;
  remove(): Promise<void>;
}

/** An empty folder that every account can pass; `owner` may also write in it. */
export async function clusterFolder(owner?: Account): Promise<ClusterFolder> {
  const path = await scratchFolder("ltg-runtime-");
  await chmod(path, 0o711);
  if (owner) await chown(path, owner.uid, owner.gid);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 20 });
  return { path, dataDir: join(path, "data", "postgres"), remove };
}

/** Makes a database under `account`. */
export async function clusterTemplate(account?: Account): Promise<ClusterTemplate> {
  const original = await clusterFolder(account);
  const once = await startGatewayProcess(original.dataDir, account);
  await once.stop();
  return {
    async copy() {
      const folder = await clusterFolder(account);
      execFileSync("cp", ["-a", join(original.path, "data"), folder.path]);
      return folder;
    },
    remove: original.remove,
  };
}
