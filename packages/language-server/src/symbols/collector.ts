/** Gathers symbols and the places where they stand, while files are walked. */
import type { Name } from "@wardline/compiler";
import type { Span } from "@wardline/core";
import type { Occurrence, ProjectSymbol, SymbolKind } from "./symbol.ts";

export interface Declaration {
  readonly kind: SymbolKind;
  readonly key: string;
  readonly within?: string | null;
  readonly whole?: Span | null;
  readonly doc?: string | null;
}

export class Collector {
  readonly symbols = new Map<string, ProjectSymbol>();
  readonly occurrences: Occurrence[] = [];
  /** False while files are walked to learn something only. */
  keeps = true;

  /** The first declaration stands; what a later one names is the same symbol. */
  declare(name: Name, { kind, key, within = null, whole = null, doc = null }: Declaration): void {
    const span = bare(name);
    if (!this.symbols.has(key))
      this.symbols.set(key, {
        key,
        kind,
        name: name.text.replace(/^#/, ""),
        within,
        declared: span,
        whole,
        doc,
      });
    if (this.keeps) this.occurrences.push({ span, keys: [key], declares: true });
  }

  /** What is never declared is a symbol wherever it stands. */
  mention(name: Name, kind: SymbolKind, key: string): void {
    if (!this.symbols.has(key))
      this.symbols.set(key, {
        key,
        kind,
        name: name.text.replace(/^#/, ""),
        within: null,
        declared: null,
        whole: null,
        doc: null,
      });
    this.refer(name, [key]);
  }

  /** A name that means nothing known is left out. */
  refer(name: Name, keys: readonly string[]): void {
    if (keys.length > 0 && this.keeps) this.occurrences.push({ span: bare(name), keys, declares: false });
  }
}

/** The place of a name without the `#` of a class. */
function bare({ span, text }: Name): Span {
  const length = text.replace(/^#/, "").length;
  return span.end - span.start > length ? { ...span, start: span.end - length } : span;
}
