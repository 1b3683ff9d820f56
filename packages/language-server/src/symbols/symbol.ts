/** What a name in a project stands for, and the places where it stands. */
import type { Span } from "@wardline/core";

export const symbolKinds = [
  "model",
  "enum",
  "value",
  "entity",
  "principal",
  "field",
  "tenant_fact",
  "context_fact",
  "role",
  "action",
  "group",
  "relation",
  "evidence",
  "class",
  "let",
  "let_parameter",
  "rule",
  "assert",
  "pack",
  "parameter",
  "tenant",
  "binding",
  "setting",
] as const;

export type SymbolKind = (typeof symbolKinds)[number];

export interface ProjectSymbol {
  /** Unlike that of every other symbol of the project: `field Loan.title`. */
  readonly key: string;
  readonly kind: SymbolKind;
  readonly name: string;
  /** The type of a field, the enum of a value, the layer of a rule; null for what stands by itself. */
  readonly within: string | null;
  /** The name where it is declared; null for what is never declared: classes, settings. */
  readonly declared: Span | null;
  /** The whole statement, field or part that declares it. */
  readonly whole: Span | null;
  readonly doc: string | null;
}

export interface Occurrence {
  /** The name itself, without `#`. */
  readonly span: Span;
  /** What it means; several where a rule reaches several types that have a field of the name. */
  readonly keys: readonly string[];
  readonly declares: boolean;
}

/** What can be told of a type without the checker: which entities and enums its values may be. */
export interface Meant {
  readonly entities: ReadonlySet<string>;
  readonly enums: ReadonlySet<string>;
  readonly roles: boolean;
}

const none: ReadonlySet<string> = new Set();
export const nothing: Meant = { entities: none, enums: none, roles: false };

export function joined(all: readonly Meant[]): Meant {
  const [first, ...more] = all;
  if (first === undefined) return nothing;
  if (more.length === 0) return first;
  return {
    entities: new Set(all.flatMap(({ entities }) => [...entities])),
    enums: new Set(all.flatMap(({ enums }) => [...enums])),
    roles: all.some(({ roles }) => roles),
  };
}
