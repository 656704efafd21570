import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { dossierBody, type SceneOptions } from "../gateway-scene.ts";
import { codeOf, openApiScene } from "../http/api-scene.ts";
import { openFileServer } from "./file-server.ts";

/** Waits until something is so; the limit is generous, since the machine may be busy. */
export const until = async (what: string, isSo: () => boolean | Promise<boolean>, seconds = 20): Promise<void> => {
  for (const end = Date.now() + seconds * 1000; !(await isSo()); await delay(10)) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
  }
};

/** Bytes that look like a PDF, each another. */
export const pdf = (size: number, seed = 1): Uint8Array => {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let index = 0; index < size; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  bytes.set(new TextEncoder().encode("%PDF-1.7\n").subarray(0, size));
  return bytes;
};

/** A free port, taken so that `PUBLIC_URL` is known before the gateway is made. */
const openDoor = async () => {
  let serve: ReturnType<typeof getRequestListener> | undefined;
  const server = createServer((incoming, outgoing) => {
    serve?.(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behind: (app: { fetch(request: Request, env?: unknown): Response | Promise<Response> }) => {
      serve = getRequestListener((request, env) => app.fetch(request, env));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A gateway that answers real HTTP at its `PUBLIC_URL`, the portal's simulator, and the province's file server. */
export const openFilesScene = async ({
  sources,
  settings,
  ...options
}: SceneOptions & { readonly sources?: (serverUrl: string) => string | undefined } = {}) => {
  const fileServer = await openFileServer();
  const door = await openDoor();
  const dataDir = await mkdtemp(join(tmpdir(), "files-"));
  const listed = sources === undefined ? `${fileServer.url}/files` : sources(fileServer.url);
  const scene = await openApiScene({
    ...options,
    settings: {
      PUBLIC_URL: door.url,
      DATA_DIR: dataDir,
      FILE_TIMEOUT_MS: "1000",
      ...(listed !== undefined && { FILE_SOURCES: listed }),
      ...settings,
    },
  });
  door.behind(scene.app);
  let number = 0;
  const nextCode = (): string => {
    number += 1;
    return codeOf(number);
  };

  /** Puts a dossier with these files and waits until it was delivered. @returns its code */
  const deliver = async (files: readonly object[], code = nextCode(), client = "province") => {
    const submittedFiles = files.map((file, index) => ({ id: `f${index}`, name: `giay-to-${index}.pdf`, ...file }));
    const answer = await scene.call<{ warnings: { code: string; field: string }[] }>(
      "PUT",
      `/v1/dossiers/${code}`,
      dossierBody({ submittedFiles }),
      { client },
    );
    if (answer.status !== 202) throw new Error(answer.text);
    await scene.drained();
    return { code, warnings: answer.body.warnings };
  };

  /** The addresses of a dossier's files as the portal holds them. */
  const held = (code: string): string[] =>
    (scene.portal.state.dossiers.get(code)?.hoSo.TaiLieuNop ?? []).map(({ DuongDanTaiTepTin }) => DuongDanTaiTepTin);

  return {
    ...scene,
    fileServer,
    publicUrl: door.url,
    dataDir,
    deliver,
    held,
    /** Serves a file on the province's server and delivers a dossier with it. @returns its link at the portal */
    relay: async (path: string, file: Parameters<typeof fileServer.files.set>[1], parts: object = {}) => {
      fileServer.files.set(path, file);
      const { code } = await deliver([{ url: `${fileServer.url}${path}`, ...parts }]);
      return { code, link: held(code)[0] ?? "" };
    },
    /** Looks at what was just sent, rather than waiting until the chores do. */
    look: () => scene.deployment.chores(scene.database, () => undefined).checkFiles(),
    /** Names of everything in the store, finished or not. */
    storedNames: async (): Promise<string[]> =>
      (await readdir(join(dataDir, "files"), { recursive: true }).catch(() => [])).filter((name) =>
        name.includes("file_"),
      ),
    close: async (): Promise<void> => {
      await scene.close();
      await door.close();
      await fileServer.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** Such a scene. */
export type FilesScene = Awaited<ReturnType<typeof openFilesScene>>;
