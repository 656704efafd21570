/** Words of one name that are searchable; an organisation's name of 500 characters may hold more. */
const MAX_WORDS = 40;

const MARKS = /\p{M}+/gu;
// Đ is a letter of its own and does not decompose. Old fonts and keyboards put the look-alike Ð (eth) in its place.
const D_WITH_STROKE = /[đð]/gu;
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u;

/**
 * The words of a name as search compares them: lower case, without accents, each once, at most the first 40
 * (api section 3, `q`: "whole words of the applicant's name without regard to case and accents").
 * `Nguyễn Đức Anh` gives `nguyen`, `duc`, `anh`.
 */
export const nameWords = (name: string): readonly string[] => {
  const plain = name.toLowerCase().normalize("NFKD").replace(MARKS, "").replace(D_WITH_STROKE, "d");
  const words = new Set(plain.split(BETWEEN_WORDS));
  words.delete("");
  return [...words].slice(0, MAX_WORDS);
};
