/** Bytes as they are made, as fast as the reader takes them; whoever makes them is told when the reader leaves. */
export const byteStream = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let next = await pieces.next();
      // A pull that brings nothing would be the last one.
      while (next.done !== true && next.value.length === 0) next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
