/** Answers that are read from the database while they are written. */
const READ_AS_WRITTEN = /^(?:text\/csv|application\/x-ndjson|application\/vnd\.openxmlformats)/u;

/**
 * An answer, and when the connections that it is read over may be closed: at once, or, where it is written as it is read,
 * when its last byte is out or its reader has left.
 */
export const untilWritten = (answer: Response): { readonly answer: Response; readonly written: Promise<void> } => {
  const type = answer.headers.get("content-type") ?? "";
  if (answer.body === null || !READ_AS_WRITTEN.test(type)) return { answer, written: Promise.resolve() };
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  // Whoever reads it sees how it breaks off; there is nobody else to tell.
  const written = answer.body.pipeTo(writable).catch(() => undefined);
  return { answer: new Response(readable, answer), written };
};
