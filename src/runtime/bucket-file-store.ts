import { AwsClient } from "aws4fetch";
import type { FileStorePlace } from "../files/file-settings.ts";
import type { ObjectStore } from "../files/object-store.ts";

/** The least that a store takes as a part that is not the last. */
const PART_BYTES = 5 * 1024 * 1024;

/** Cuts a stream into parts of at least `PART_BYTES`; the last one may be shorter. */
async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes) {
    held.push(piece);
    size += piece.length;
    if (size < PART_BYTES) continue;
    yield Buffer.concat(held, size);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held, size);
}

async function* bytesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read())
      yield read.value;
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

/** Files in a bucket of an S3-compatible store, signed as AWS signature version 4 says. It gets what is encrypted already. */
export const createBucketFileStore = (
  { endpoint, region, accessKey, secretKey }: Extract<FileStorePlace, { kind: "bucket" }>,
  fetch: (request: Request) => Promise<Response>,
): ObjectStore => {
  const signer = new AwsClient({ accessKeyId: accessKey, secretAccessKey: secretKey, region, service: "s3" });
  const call = async (method: string, path: string, init: { body?: Uint8Array | string; range?: string } = {}) => {
    const { body, range } = init;
    const signed = await signer.sign(`${endpoint}/${path}`, {
      method,
      ...(body !== undefined && { body: body as string }),
      ...(range !== undefined && { headers: { range } }),
    });
    return fetch(signed);
  };
  const expectOk = async (what: string, answer: Response): Promise<Response> => {
    if (answer.ok) return answer;
    await answer.body?.cancel();
    throw new Error(`the file store answered ${answer.status} when asked to ${what}`);
  };
  /** One element of an answer; these hold no entities and no attributes, and a DOCTYPE is nothing that is looked for. */
  const elementOf = async (answer: Response, name: string): Promise<string> => {
    const value = new RegExp(`<${name}>([^<]{1,1000})</${name}>`, "u").exec(
      (await answer.text()).slice(0, 10_000),
    )?.[1];
    if (value === undefined) throw new Error(`the file store's answer has no ${name}`);
    return value;
  };
  const sendParts = async (name: string, id: string, bytes: AsyncIterable<Uint8Array>): Promise<string[]> => {
    const tags: string[] = [];
    for await (const part of inParts(bytes)) {
      const path = `${name}?partNumber=${tags.length + 1}&uploadId=${id}`;
      const answer = await expectOk("take a part", await call("PUT", path, { body: part }));
      await answer.body?.cancel();
      tags.push(answer.headers.get("etag") ?? "");
    }
    return tags;
  };
  return {
    write: async (name, bytes) => {
      const begun = await expectOk("begin an upload", await call("POST", `${name}?uploads=`));
      const id = encodeURIComponent(await elementOf(begun, "UploadId"));
      try {
        const parts = (await sendParts(name, id, bytes)).map(
          (tag, index) =>
            `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag.replaceAll("&", "&amp;")}</ETag></Part>`,
        );
        const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
        const ended = await expectOk("end an upload", await call("POST", `${name}?uploadId=${id}`, { body }));
        // It may answer 200 and then say in its body that it failed.
        await elementOf(ended, "ETag");
      } catch (error) {
        await call("DELETE", `${name}?uploadId=${id}`).then(
          (answer) => answer.body?.cancel(),
          () => undefined,
        );
        throw error;
      }
    },
    read: async (name, { first, last }) => {
      const answer = await call("GET", name, { range: `bytes=${first}-${last}` });
      if (answer.status === 404) {
        await answer.body?.cancel();
        return null;
      }
      await expectOk("give a part", answer);
      if (answer.status !== 206) throw new Error("the file store does not know ranges");
      return bytesOf(answer.body as ReadableStream<Uint8Array> | null);
    },
    remove: async (name) => {
      const answer = await call("DELETE", name);
      if (answer.status !== 404) await expectOk("remove a file", answer);
      await answer.body?.cancel();
    },
  };
};
