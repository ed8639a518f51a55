import type { LocalDate } from "../clocks/clock.ts";
import type { DocumentCode } from "./document-codes.ts";
import type { FieldValue, ListMarker } from "./template.ts";

export interface ComposedCell {
  readonly label: string;
  readonly text: string;
}

/** A block with every text filled in: what is typeset, shown and published. */
export type ComposedBlock =
  | { readonly kind: "heading"; readonly text: string }
  | {
      readonly kind: "paragraph";
      readonly text: string;
      readonly indent: boolean;
      readonly align: "left" | "center" | "right";
    }
  | { readonly kind: "list"; readonly items: readonly string[]; readonly marker: ListMarker }
  | {
      readonly kind: "table";
      readonly rows: readonly { readonly cells: readonly ComposedCell[]; readonly lines: number }[];
    }
  | {
      readonly kind: "grid";
      readonly columns: readonly { readonly zh: string; readonly width: number }[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "signature"; readonly lines: readonly ComposedCell[] }
  | { readonly kind: "seal"; readonly agency: string; readonly date: string }
  | { readonly kind: "receipt"; readonly title: string; readonly lines: readonly string[] };

/** A document ready to be typeset. Plain data: it can be stored, hashed and compared. */
export interface ComposedDocument {
  readonly code: DocumentCode;
  readonly templateVersion: string;
  readonly title: string;
  /** 文号; null for forms without one. */
  readonly number: string | null;
  readonly agency: string;
  readonly issuedOn: LocalDate;
  /** 草稿: a look at what would be issued; says so on every page. */
  readonly preview: boolean;
  readonly blocks: readonly ComposedBlock[];
  /** The fields of the template by name, as data. */
  readonly data: Readonly<Record<string, FieldValue>>;
}
