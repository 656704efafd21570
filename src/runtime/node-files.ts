import { resolve } from "node:path";
import type { FileSettings } from "../files/file-settings.ts";
import type { FileRuntime } from "../files/open-files.ts";
import { createBucketFileStore } from "./bucket-file-store.ts";
import { createNodeFetchSource } from "./node-fetch-source.ts";
import { createNodeFileStore } from "./node-file-store.ts";
import type { ResolveName } from "./node-lookup.ts";

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
