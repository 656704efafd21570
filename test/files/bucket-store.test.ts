import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ObjectStore } from "../../src/files/object-store.ts";
import { createBucketFileStore } from "../../src/runtime/bucket-file-store.ts";
import { pdf } from "./files-scene.ts";

/** What a request to the bucket says. */
interface BucketCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly range: string;
}

type BucketAnswer = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
};

/** The part of the S3 protocol that is used, with parts kept by number. */
const createBucket = () => {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const faults = { part: 0, complete: false };

  const complete = (path: string, id: string, body: Buffer): BucketAnswer => {
    if (faults.complete) return { body: "<Error><Code>InternalError</Code></Error>" };
    const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</gu)].map((match) => Number(match[1]));
    objects.set(path, Buffer.concat(numbers.map((number) => uploads.get(id)?.get(number) ?? Buffer.alloc(0))));
    uploads.delete(id);
    return { body: "<CompleteMultipartUploadResult><ETag>&quot;whole&quot;</ETag></CompleteMultipartUploadResult>" };
  };

  const post = ({ path, query, body }: BucketCall): BucketAnswer => {
    const id = query.get("uploadId");
    if (id !== null) return complete(path, id, body);
    uploads.set("u+1", new Map());
    return { body: "<InitiateMultipartUploadResult><UploadId>u+1</UploadId></InitiateMultipartUploadResult>" };
  };

  const put = ({ query, body }: BucketCall): BucketAnswer => {
    const number = Number(query.get("partNumber"));
    if (faults.part === number) return { status: 500 };
    uploads.get(query.get("uploadId") ?? "")?.set(number, body);
    return { headers: { etag: `"e${number}"` } };
  };

  const remove = ({ path, query }: BucketCall): BucketAnswer => {
    const id = query.get("uploadId");
    if (id === null) objects.delete(path);
    else uploads.delete(id);
    return { status: 204 };
  };

  const get = ({ path, range }: BucketCall): BucketAnswer => {
    const object = objects.get(path);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/u.exec(range) ?? [];
    if (object === undefined) return { status: 404 };
    return { status: 206, body: object.subarray(Number(first), Number(last) + 1) };
  };

  const methods: Readonly<Record<string, (call: BucketCall) => BucketAnswer>> = {
    POST: post,
    PUT: put,
    DELETE: remove,
    GET: get,
  };
  return { objects, uploads, faults, answer: (call: BucketCall) => methods[call.method]?.(call) ?? { status: 405 } };
};

const openBucket = async () => {
  const bucket = createBucket();
  const signatures: string[] = [];
  const server = createServer((request, response) => {
    const { method = "", headers } = request;
    const url = new URL(request.url ?? "", "http://bucket");
    signatures.push(headers.authorization ?? "");
    void request.toArray().then((chunks) => {
      const call = { method, path: url.pathname, query: url.searchParams, body: Buffer.concat(chunks) };
      const { status = 200, headers: given = {}, body } = bucket.answer({ ...call, range: headers.range ?? "" });
      response.writeHead(status, given).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/prefix`;
  return { ...bucket, signatures, endpoint, close: () => new Promise((resolve) => server.close(resolve)) };
};

let bucket: Awaited<ReturnType<typeof openBucket>>;
let store: ObjectStore;

async function* inPieces(bytes: Uint8Array, size = 70_000): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const collect = async (bytes: AsyncIterable<Uint8Array> | null): Promise<Buffer> =>
  Buffer.concat(bytes === null ? [] : await Readable.from(bytes).toArray());

beforeAll(async () => {
  bucket = await openBucket();
  const keys = { accessKey: "AKTEST", secretKey: ["not", "secret"].join("-") };
  store = createBucketFileStore({ kind: "bucket", endpoint: bucket.endpoint, region: "auto", ...keys }, (request) =>
    fetch(request),
  );
});
beforeEach(() => {
  bucket.faults.part = 0;
  bucket.faults.complete = false;
  bucket.objects.clear();
});
afterAll(() => bucket.close());

test("a file goes into a bucket in parts and comes back by range, every call signed", async () => {
  const bytes = pdf(11 * 1024 * 1024);
  await store.write("file_1", inPieces(bytes));
  expect(bucket.objects.get("/bucket/prefix/file_1")?.equals(bytes)).toBe(true);
  const part = await collect(await store.read("file_1", { first: 5_000_000, last: 6_000_000 }));
  expect(part.equals(bytes.subarray(5_000_000, 6_000_001))).toBe(true);
  for (const signature of bucket.signatures) {
    expect(signature).toMatch(/^AWS4-HMAC-SHA256 Credential=AKTEST\/\d{8}\/auto\/s3\/aws4_request, /u);
  }
  await store.remove("file_1");
  expect(bucket.objects.size).toBe(0);
  expect(await store.read("file_1", { first: 0, last: 0 })).toBeNull();
});

test("an upload that fails at any point leaves neither an object nor parts", async () => {
  const bytes = pdf(6 * 1024 * 1024);
  bucket.faults.part = 2;
  await expect(store.write("file_2", inPieces(bytes))).rejects.toThrow("500");
  bucket.faults.part = 0;
  bucket.faults.complete = true;
  await expect(store.write("file_2", inPieces(bytes))).rejects.toThrow("no ETag");
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytes;
    throw new Error("the sender is gone");
  }
  await expect(store.write("file_2", broken())).rejects.toThrow("the sender is gone");
  expect([bucket.objects.size, bucket.uploads.size]).toEqual([0, 0]);
});
