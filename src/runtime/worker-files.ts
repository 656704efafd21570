import type { FileSettings } from "../files/file-settings.ts";
import type { FileRuntime } from "../files/open-files.ts";
import { createBucketFileStore } from "./bucket-file-store.ts";
import { createFetchFileSource } from "./fetch-file-source.ts";

/** What files need of Workers, which have no disk: uploads are kept in a bucket, or not at all. */
export const openWorkerFiles = ({ store }: FileSettings): FileRuntime => ({
  fetchSource: createFetchFileSource((url, init) => fetch(url, init)),
  store: store.kind === "bucket" ? createBucketFileStore(store, (request) => fetch(request)) : null,
});
