import { resolve } from "node:path";
import type { FileSettings } from "../files/file-settings.ts";
import type { FileRuntime } from "../files/open-files.ts";
import { createBucketFileStore } from "./bucket-file-store.ts";
import { createNodeFetchSource } from "./node-fetch-source.ts";
import { createNodeFileStore, sweepUnfinished } from "./node-file-store.ts";
import type { ResolveName } from "./node-lookup.ts";

/** Removes what uploads of killed processes left behind. @returns how many */
export const sweepFiles = async ({ store }: FileSettings): Promise<number> =>
  store.kind === "folder" ? sweepUnfinished(resolve(store.path), new Date()) : 0;

/** What files need of Node: connections to file servers, and a folder or a bucket. */
export const openNodeFiles = (
  { store }: FileSettings,
  resolveName?: ResolveName,
): FileRuntime & { close(): Promise<void> } => {
  const { fetchSource, close } = createNodeFetchSource(resolveName);
  const place =
    store.kind === "folder"
      ? createNodeFileStore(resolve(store.path))
      : createBucketFileStore(store, (request) => fetch(request));
  return { fetchSource, store: place, close };
};
