import { GatewayError } from "../../contracts/errors.ts";
import { readBytes } from "./read-body.ts";

/** Room for so many bytes, given back by calling what is returned; null: there is none. */
export type TakeRoom = (bytes: number) => (() => void) | null;

/** A body that was read, or why not. `leave` gives its room back, in every case and exactly once. */
export type BodyReading =
  | { readonly kind: "read"; readonly bytes: Uint8Array; readonly leave: () => void }
  | { readonly kind: "too-large" }
  | { readonly kind: "no-room" };

/** A body that does not say how long it is: room is taken as it comes. */
const readGrowing = async (request: Request, limit: number, take: TakeRoom): Promise<BodyReading> => {
  const taken: (() => void)[] = [];
  const leave = (): void => {
    for (const back of taken.splice(0)) back();
  };
  const reader = request.body?.getReader();
  const end = async (kind: "too-large" | "no-room"): Promise<BodyReading> => {
    leave();
    await reader?.cancel();
    return { kind };
  };
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
      size += read.value.length;
      if (size > limit) return await end("too-large");
      const back = take(read.value.length);
      if (back === null) return await end("no-room");
      taken.push(back);
      chunks.push(read.value);
    }
    return { kind: "read", bytes: Buffer.concat(chunks, size), leave };
  } catch (error) {
    leave();
    throw error;
  }
};

/** Reads a body of at most `limit` bytes, as far as there is room for it in memory beside the others. */
export const readWithRoom = async (request: Request, limit: number, take: TakeRoom): Promise<BodyReading> => {
  const announced = request.headers.get("content-length");
  if (announced === null) return readGrowing(request, limit, take);
  if (Number(announced) > limit) return { kind: "too-large" };
  const leave = take(Number(announced));
  if (leave === null) return { kind: "no-room" };
  try {
    return { kind: "read", bytes: await readBytes(request, limit), leave };
  } catch (error) {
    leave();
    if (error instanceof GatewayError && error.code === "payload_too_large") return { kind: "too-large" };
    throw error;
  }
};
