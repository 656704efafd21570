/** An answer that is written as it is read, a piece at a time, as fast as the reader takes it; no cache keeps it. */
export const textStream = (pieces: AsyncGenerator<string>, headers: Readonly<Record<string, string>>): Response => {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let next = await pieces.next();
      // A pull that brings nothing would be the last one.
      while (next.done !== true && next.value === "") next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  return new Response(body, { headers: { ...headers, "cache-control": "no-store" } });
};
