import type { Span } from "@wardline/core";
import type { Expression, LiteralKind, Name } from "./expression.ts";

export type Header =
  | { readonly kind: "model"; readonly name: Name; readonly span: Span }
  | { readonly kind: "platform"; readonly model: Name; readonly span: Span }
  | { readonly kind: "pack"; readonly name: Name; readonly version: string; readonly span: Span }
  | { readonly kind: "policy"; readonly tenant: Name; readonly model: Name; readonly span: Span };

export interface Annotation {
  readonly name: Name;
  /** The string without quotes, escapes resolved; null without parentheses. */
  readonly text: string | null;
  readonly span: Span;
}

interface StatementBase {
  /** The text of the `///` lines before it, joined by newlines; null without. */
  readonly doc: string | null;
  readonly annotations: readonly Annotation[];
  /** From the first annotation or keyword to the last token. */
  readonly span: Span;
}

export type Who =
  | { readonly kind: "anyone"; readonly except: readonly Name[]; readonly span: Span }
  /** Roles and principal types. */
  | { readonly kind: "names"; readonly names: readonly Name[]; readonly span: Span };

export interface Reach {
  readonly who: Who;
  readonly actions:
    | { readonly kind: "act_on"; readonly span: Span }
    | { readonly kind: "names"; readonly names: readonly Name[] };
  readonly types:
    | { readonly kind: "anything"; readonly span: Span }
    | { readonly kind: "names"; readonly names: readonly Name[] };
  /** `touching #phi`, or `touching phi` for a pack's parameter. */
  readonly touching: { readonly kind: "class" | "name"; readonly name: Name } | null;
  readonly span: Span;
}

/** `mask(card, partial(last: 4))`, `reason`, `encrypt(#phi)`, `15m`. */
export type Term =
  | { readonly kind: "call"; readonly name: Name; readonly args: readonly Argument[]; readonly span: Span }
  | { readonly kind: "keyword"; readonly word: "principal" | "resource" | "tenant"; readonly span: Span }
  | { readonly kind: "class"; readonly name: Name; readonly span: Span }
  | { readonly kind: "literal"; readonly type: LiteralKind; readonly text: string; readonly span: Span };

export interface Argument {
  readonly label: Name | null;
  readonly term: Term;
}

export type Clause =
  | { readonly kind: "when" | "unless"; readonly condition: Expression; readonly span: Span }
  | { readonly kind: "with"; readonly terms: readonly Term[]; readonly span: Span }
  | { readonly kind: "because"; readonly text: string; readonly span: Span }
  | { readonly kind: "trusting"; readonly names: readonly Name[]; readonly span: Span };

export interface RuleStatement extends StatementBase {
  readonly kind: "permit" | "forbid" | "ceiling" | "floor" | "share";
  readonly name: Name;
  readonly reach: Reach;
  readonly clauses: readonly Clause[];
}

export interface RequireStatement extends StatementBase {
  readonly kind: "require";
  readonly name: Name;
  readonly terms: readonly Term[];
  readonly reach: Reach | null;
  readonly clauses: readonly Clause[];
}

export interface RoleStatement extends StatementBase {
  readonly kind: "role";
  readonly names: readonly Name[];
  readonly modifier:
    | { readonly kind: "platform" }
    | { readonly kind: "extends"; readonly names: readonly Name[] }
    | { readonly kind: "for"; readonly types: readonly Name[] }
    | null;
}

export interface LetStatement extends StatementBase {
  readonly kind: "let";
  readonly name: Name;
  readonly parameters: readonly Name[] | null;
  readonly value: Expression;
}

export interface EnumStatement extends StatementBase {
  readonly kind: "enum";
  readonly name: Name;
  readonly values: readonly Name[];
}

/** `Int(0..5)`, `Decimal(12, 2)`, `Set<String>`, `User?`. */
export interface TypeReference {
  readonly name: Name;
  readonly bounds: {
    readonly kind: "range" | "pair";
    readonly low: string | null;
    readonly high: string;
    readonly span: Span;
  } | null;
  readonly of: Name | null;
  readonly optional: boolean;
  readonly span: Span;
}

export interface Join {
  readonly table: Name;
  readonly columns: readonly Name[];
  readonly span: Span;
}

export interface Field {
  readonly name: Name;
  readonly type: TypeReference;
  readonly classes: readonly Name[];
  readonly searchable: boolean;
  /** Marked `tenant`: set by the tenant. */
  readonly delegated: boolean;
  readonly via: Join | null;
  readonly doc: string | null;
  readonly span: Span;
}

export interface FactsStatement extends StatementBase {
  readonly kind: "facts";
  readonly of: "tenant" | "context";
  readonly fields: readonly Field[];
}

export interface Parent {
  readonly entity: Name;
  /** `via parent_id`, `via memberships(child, parent)`, `via session`; null without. */
  readonly via: { readonly name: Name; readonly columns: readonly Name[] | null } | null;
}

export interface EntityStatement extends StatementBase {
  readonly kind: "entity" | "principal";
  readonly name: Name;
  readonly shared: boolean;
  readonly parents: readonly Parent[];
  /** `columns`: of the key, and of the tenant; null without. */
  readonly storedIn: { readonly table: Name; readonly columns: readonly Name[] | null } | null;
  readonly fields: readonly Field[];
}

export interface DelegateStatement extends StatementBase {
  readonly kind: "delegate";
  readonly names: readonly Name[];
}

export interface EvidenceStatement extends StatementBase {
  readonly kind: "evidence";
  readonly name: Name;
  readonly facts: readonly {
    readonly root: "context" | "principal";
    readonly name: Name;
    readonly span: Span;
  }[];
}

export interface RelationStatement extends StatementBase {
  readonly kind: "relation";
  readonly name: Name;
  readonly from: Name;
  readonly to: Name;
  readonly via: Join;
}

export interface ActionStatement extends StatementBase {
  readonly kind: "action";
  readonly names: readonly Name[];
  readonly effect: "reads" | "creates" | "updates" | "deletes";
  readonly entities: readonly Name[];
}

export interface GroupStatement extends StatementBase {
  readonly kind: "group";
  readonly name: Name;
  readonly members: readonly Name[];
}

/** `assert NAME: never permit …` or `always permit …`, or `never show TYPE.FIELD to WHO …`. */
export interface AssertStatement extends StatementBase {
  readonly kind: "assert";
  readonly name: Name;
  readonly quantifier: "never" | "always";
  readonly claim:
    | { readonly kind: "permit"; readonly reach: Reach; readonly span: Span }
    | {
        readonly kind: "show";
        readonly entity: Name;
        readonly field: Name;
        readonly to: Who;
        readonly span: Span;
      };
  readonly clauses: readonly Clause[];
  /** Statements whose requests the assert leaves out. */
  readonly except: readonly Name[];
}

/** `key: value` where a value is a term or, in settings and `given`, a record. */
export interface SettingEntry {
  readonly key: Name;
  readonly value: Term | TermRecord;
  readonly span: Span;
}

/** `{ idle: 15m, longest: 8h }` */
export interface TermRecord {
  readonly kind: "record";
  readonly entries: readonly TermEntry[];
  readonly span: Span;
}

export interface TermEntry {
  readonly key: Name;
  readonly value: Term;
  readonly span: Span;
}

export interface SettingsStatement extends StatementBase {
  readonly kind: "settings";
  readonly entries: readonly SettingEntry[];
}

/** `use hipaa 1.2 { phi: #phi }`. The version is text: 1.10 is not 1.1. */
export interface UseStatement extends StatementBase {
  readonly kind: "use";
  readonly name: Name;
  readonly version: string;
  readonly versionSpan: Span;
  readonly arguments: readonly TermEntry[];
}

/** A parameter of a pack: a class, or a value of a type that may be bounded. */
export interface ParameterStatement extends StatementBase {
  readonly kind: "parameter";
  readonly name: Name;
  readonly type: { readonly kind: "class"; readonly span: Span } | TypeReference;
  readonly default: Term | null;
}

/** `User "ada" { roles: [billing] }` */
export interface Instance {
  readonly kind: "instance";
  readonly entity: Name;
  /** Without quotes, escapes resolved; null without. */
  readonly id: string | null;
  readonly fields: readonly DatumEntry[];
  readonly span: Span;
}

/** `title: "Emma"` */
export interface DatumEntry {
  readonly key: Name;
  readonly value: Datum;
  readonly span: Span;
}

/** A value in a test. `text` of a literal as written, with a leading minus where there is one. */
export type Datum =
  | { readonly kind: "name"; readonly name: Name; readonly span: Span }
  | Instance
  | { readonly kind: "literal"; readonly type: LiteralKind; readonly text: string; readonly span: Span }
  | { readonly kind: "data"; readonly of: readonly Datum[]; readonly span: Span };

/** Who or what a test is about: a binding of the test, or an instance on the spot. */
export type Subject = Extract<Datum, { readonly kind: "name" }> | Instance;

export type Given =
  | { readonly kind: "facts"; readonly of: "context" | "tenant"; readonly values: readonly DatumEntry[] }
  | { readonly kind: "now"; readonly type: "instant" | "time"; readonly text: string; readonly span: Span }
  | { readonly kind: "relation"; readonly name: Name; readonly from: Subject; readonly to: Subject };

export type Expect =
  | {
      readonly kind: "one";
      readonly outcome: "permit" | "deny" | "challenge";
      readonly principal: Subject;
      readonly action: Name;
      readonly resource: Subject;
      /** `to { … }`: what an update makes of the row; null without. */
      readonly becomes: readonly DatumEntry[] | null;
      /** `by …`; null without. */
      readonly by: readonly Name[] | null;
      /** `with …`; null without. */
      readonly with: readonly Term[] | null;
      /** `as …`; null without. */
      readonly as: Name | null;
    }
  | {
      readonly kind: "list";
      readonly principal: Subject;
      readonly action: Name;
      readonly entity: Name;
      readonly over: readonly Datum[];
      readonly gives: readonly Datum[];
    };

export type TestPart =
  | { readonly kind: "let"; readonly name: Name; readonly value: Datum; readonly span: Span }
  | { readonly kind: "given"; readonly given: Given; readonly span: Span }
  | { readonly kind: "expect"; readonly expect: Expect; readonly span: Span };

/** `test "…" { … }`, its parts in their order. */
export interface TestStatement extends StatementBase {
  readonly kind: "test";
  /** Without quotes, escapes resolved. */
  readonly title: string;
  readonly titleSpan: Span;
  readonly parts: readonly TestPart[];
}

export type Statement =
  | RuleStatement
  | RequireStatement
  | RoleStatement
  | LetStatement
  | EnumStatement
  | FactsStatement
  | EntityStatement
  | DelegateStatement
  | EvidenceStatement
  | RelationStatement
  | ActionStatement
  | GroupStatement
  | AssertStatement
  | SettingsStatement
  | UseStatement
  | ParameterStatement
  | TestStatement;

/** A parsed file. With any finding it serves reports only and must never be lowered. */
export interface FileAst {
  readonly file: string;
  readonly header: Header | null;
  readonly statements: readonly Statement[];
}
