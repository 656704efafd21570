import { PassThrough } from "node:stream";
import type { ByteSink, HttpAnswer } from "../../contracts/adapter.ts";

/** How taking the bytes of an answer ends. */
export interface TakenEnds {
  answer(answer: HttpAnswer): void;
  fail(cause: unknown): void;
}

/** The connection that the bytes come over. */
interface Flow {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** Bytes of an answer on their way to who takes them: the connection rests while they are not taken. */
interface TakenBytes {
  push(chunk: Uint8Array): void;
  end(): void;
  breakOff(error: Error): void;
}

/** Gives the bytes of an answer to `sink`; the answer is there when the sink has what it wants. */
export const createTakenBytes = (
  sink: ByteSink,
  flow: Flow,
  ends: TakenEnds,
  head: Pick<HttpAnswer, "status" | "headers">,
): TakenBytes => {
  const pipe = new PassThrough();
  let isOver = false;
  // A sink that wants no more destroys the pipe; what is written to it then is nobody's.
  pipe.on("error", () => undefined);
  pipe.on("drain", () => flow.resume());
  sink(pipe).then(
    () => {
      ends.answer({ ...head, body: "", overlong: false });
      if (!isOver) flow.abort(new Error("the rest of the answer is not wanted"));
    },
    (error: unknown) => {
      ends.fail(error);
      if (!isOver) flow.abort(new Error("the answer could not be kept"));
    },
  );
  return {
    push: (chunk) => {
      if (pipe.writable && !pipe.write(chunk)) flow.pause();
    },
    end: () => {
      isOver = true;
      pipe.end();
    },
    breakOff: (error) => {
      isOver = true;
      pipe.destroy(error);
    },
  };
};
