import { printable } from "../../pipeline/evidence/portable/printable.ts";

/** An element with text and children. Text from a bundle only ever becomes text, never markup, and never turns its direction. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.map((child) => (typeof child === "string" ? printable(child) : child)));
  return made;
}

/** An element of the page. @throws Error when the page has none of that id and kind */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} #${id}`);
}
