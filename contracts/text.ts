/** A sentence for a person, in both languages of the product (design: Vietnamese for users, English by `Accept-Language`). */
export interface Text {
  readonly vi: string;
  readonly en: string;
}

/** The languages an answer can be given in. */
export type Language = keyof Text;
