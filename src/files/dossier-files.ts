import type { Dossier } from "../../contracts/services/dossier.ts";

/** Everything that names files in a dossier, or in a message about one. */
export type NamingFiles = Pick<Dossier, "submittedFiles" | "supplements" | "results">;

type Submitted = NonNullable<Dossier["submittedFiles"]>[number];

/** Everything of a dossier that was submitted as a file: with it, and with its supplements. */
export const submittedOf = ({ submittedFiles = [], supplements = [] }: NamingFiles): Submitted[] => [
  ...submittedFiles,
  ...supplements.flatMap(({ papers = [] }) => papers),
];

/** A dossier, or a message about one, whose files are at other addresses; what `addressOf` does not know stays where it is. */
export const withAddresses = <N extends NamingFiles>(dossier: N, addressOf: (url: string) => string | undefined): N => {
  const moved = <F extends { url: string }>(files: F[]): F[] =>
    files.map((file) => ({ ...file, url: addressOf(file.url) ?? file.url }));
  const { submittedFiles, results, supplements } = dossier;
  return {
    ...dossier,
    ...(submittedFiles && { submittedFiles: moved(submittedFiles) }),
    ...(results && { results: moved(results) }),
    ...(supplements && {
      supplements: supplements.map((round) => (round.papers ? { ...round, papers: moved(round.papers) } : round)),
    }),
  };
};
