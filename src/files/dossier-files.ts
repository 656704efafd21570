import type { Dossier } from "../../contracts/services/dossier.ts";

type Submitted = NonNullable<Dossier["submittedFiles"]>[number];

/** Everything of a dossier that was submitted as a file: with it, and with its supplements. */
export const submittedOf = ({ submittedFiles = [], supplements = [] }: Dossier): Submitted[] => [
  ...submittedFiles,
  ...supplements.flatMap(({ papers = [] }) => papers),
];

/** A dossier whose files are at other addresses; what `addressOf` does not know stays where it is. */
export const withAddresses = (dossier: Dossier, addressOf: (url: string) => string | undefined): Dossier => {
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
