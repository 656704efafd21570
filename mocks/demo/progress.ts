/** Where progress is shown. */
export interface ProgressScreen {
  readonly interactive: boolean;
  /** Writes text as it is, without a line end of its own. */
  readonly write: (text: string) => void;
}

/** Shows how far something is. */
export interface Progress {
  show(done: number, total: number): void;
  end(): void;
}

const WIDTH = 30;

const bar = (done: number, total: number): string => {
  const filled = total === 0 ? WIDTH : Math.floor((done / total) * WIDTH);
  return `[${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}]`;
};

/** A bar on a terminal; elsewhere one line for each tenth. */
export const createProgress = (label: string, { interactive, write }: ProgressScreen): Progress => {
  let told = -1;
  return {
    show: (done, total) => {
      const part = total === 0 ? 100 : Math.floor((done / total) * 100);
      const step = interactive ? part : Math.floor(part / 10);
      if (step === told && done < total) return;
      if (step === told && !interactive) return;
      told = step;
      write(interactive ? `\r${bar(done, total)} ${label} ${done} of ${total} ` : `${label}: ${done} of ${total}\n`);
    },
    end: () => {
      if (interactive && told >= 0) write("\n");
    },
  };
};
