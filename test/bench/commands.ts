import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a process of the benchmark can be told to do, by name. Arguments and answers cross as JSON. */
export type Commands = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

interface Command {
  readonly name: string;
  readonly argument: unknown;
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

/** In the process: does what it is told, one command at a time, and ends when its parent does. */
export const answerCommands = (commands: Commands): void => {
  const obey = async ({ name, argument }: Command): Promise<Answer> => {
    const command = commands[name] as ((given: unknown) => Promise<unknown>) | undefined;
    try {
      if (command === undefined) throw new Error(`there is no command ${name}`);
      return { ok: true, value: await command(argument) };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on("message", (command: Command) => {
    void obey(command).then((answer) => process.send?.(answer));
  });
  process.on("disconnect", () => process.exit(0));
};

/** The other end of a process of the benchmark. */
export interface BenchProcess<C extends Commands> {
  call<N extends keyof C & string>(name: N, ...argument: Parameters<C[N]>): Promise<Awaited<ReturnType<C[N]>>>;
  stop(): Promise<void>;
}

const running = new Set<() => Promise<void>>();

/** Stops every process that is still there: what a row that failed half-way left behind. */
export const stopAllProcesses = async (): Promise<void> => {
  await Promise.all([...running].map((stop) => stop()));
};

/**
 * Starts `processes/<name>.ts` as a process of its own.
 *
 * @param nodeFlags such as `--cpu-prof`.
 */
export const startProcess = <C extends Commands>(name: string, nodeFlags: readonly string[] = []): BenchProcess<C> => {
  const file = fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url));
  const child: ChildProcess = fork(file, { execArgv: [...nodeFlags], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await ended;
  };
  running.add(stop);
  void ended.then(() => running.delete(stop));
  return {
    call: async (command, ...[argument]) => {
      child.send({ name: command, argument } satisfies Command);
      const died = ended.then((): Answer => ({ ok: false, error: "the process ended" }));
      const answered = once(child, "message").then(([answer]) => answer as Answer);
      const answer = await Promise.race([answered, died]);
      if (!answer.ok) throw new Error(`${name}, ${command}: ${answer.error}`);
      return answer.value as never;
    },
    stop,
  };
};
