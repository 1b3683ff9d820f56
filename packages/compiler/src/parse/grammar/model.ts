/** What a model declares: enums, facts, entities and principals, relations, actions, delegation and evidence. */
import type { Name as NameNode } from "../../ast/expression.ts";
import type {
  ActionStatement,
  DelegateStatement,
  EntityStatement,
  EnumStatement,
  EvidenceStatement,
  FactsStatement,
  Field,
  GroupStatement,
  Join,
  Parent,
  RelationStatement,
} from "../../ast/statement.ts";
import {
  AnyWord,
  Class,
  CloseBrace,
  CloseRound,
  Colon,
  Comma,
  Dot,
  Equal,
  Name,
  OpenBrace,
  OpenRound,
  Type,
  words,
} from "../tokens.ts";
import { expecting } from "./base.ts";
import type { Bare } from "./rules.ts";
import { TestRules } from "./tests.ts";

/** What may follow a field's type. */
type Modifier =
  | { readonly kind: "class"; readonly name: NameNode }
  | { readonly kind: "searchable" | "delegated" }
  | { readonly kind: "via"; readonly join: Join };

export abstract class ModelRules extends TestRules {
  protected readonly enum = this.RULE("enum", (): Bare<EnumStatement> => {
    this.CONSUME(words.enum);
    const name = this.CONSUME(Type, expecting("a type name such as `Kind` after `enum`"));
    this.CONSUME(OpenBrace, expecting("`{` after the enum's name"));
    const values = this.SUBRULE(this.names);
    this.CONSUME(CloseBrace, expecting("`,` or `}` after the value"));
    return { kind: "enum", name: this.nameOf(name), values };
  });

  protected readonly facts = this.RULE("facts", (): Bare<FactsStatement> => {
    const of = this.OR([
      { ALT: () => this.CONSUME(words.tenant) },
      { ALT: () => this.CONSUME(words.context) },
    ]);
    const fields = this.SUBRULE(this.fields);
    return this.ACTION(() => ({
      kind: "facts",
      of: of.tokenType === words.tenant ? "tenant" : "context",
      fields,
    }));
  });

  protected readonly entity = this.RULE("entity", (): Bare<EntityStatement> => {
    const keyword = this.OR([
      { ALT: () => this.CONSUME(words.entity) },
      { ALT: () => this.CONSUME(words.principal) },
    ]);
    const name = this.CONSUME(Type, expecting("a type name such as `Book`"));
    const shared = this.OPTION1(() => this.CONSUME(words.shared));
    const parents: Parent[] = [];
    this.OPTION2(() => {
      this.CONSUME1(words.in);
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => parents.push(this.SUBRULE(this.parent)),
        ...expecting("an entity after `in`"),
      });
    });
    const storedIn = this.OPTION3(() => this.SUBRULE(this.storage));
    const fields = this.SUBRULE(this.fields);
    return this.ACTION(() => ({
      kind: keyword.tokenType === words.entity ? "entity" : "principal",
      name: this.nameOf(name),
      shared: shared !== undefined,
      parents,
      storedIn: storedIn ?? null,
      fields,
    }));
  });

  private readonly parent = this.RULE("parent", (): Parent => {
    const entity = this.CONSUME(Type);
    const via = this.OPTION1(() => {
      this.CONSUME(words.via);
      const name = this.CONSUME(Name, expecting("a column, a table or `session` after `via`"));
      const columns = this.OPTION2(() => this.SUBRULE(this.nameList));
      return { name: this.nameOf(name), columns: columns ?? null };
    });
    return { entity: this.nameOf(entity), via: via ?? null };
  });

  private readonly storage = this.RULE("storage", (): NonNullable<EntityStatement["storedIn"]> => {
    this.CONSUME(words.stored);
    this.CONSUME(words.in, expecting("`in` after `stored`"));
    const table = this.CONSUME(Name, expecting("a table after `stored in`"));
    const columns = this.OPTION(() => this.SUBRULE(this.nameList));
    return { table: this.nameOf(table), columns: columns ?? null };
  });

  private readonly fields = this.RULE("fields", (): Field[] => {
    const fields: Field[] = [];
    this.CONSUME(OpenBrace);
    this.MANY(() => fields.push(this.SUBRULE(this.field)));
    this.CONSUME(CloseBrace, expecting("another field (`name: Type`) or `}`"));
    return fields;
  });

  private readonly field = this.RULE("field", (): Field => {
    const name = this.CONSUME(AnyWord);
    this.CONSUME(Colon, expecting("`:` after the field's name"));
    const type = this.SUBRULE(this.type);
    const modifiers: Modifier[] = [];
    this.MANY({
      // `tenant:` and `via:` begin the next field.
      GATE: () => this.LA(2).tokenType !== Colon,
      DEF: () => modifiers.push(this.SUBRULE(this.modifier)),
    });
    return this.ACTION(() => ({
      name: this.nameOf(name),
      type,
      classes: modifiers.flatMap((modifier) => (modifier.kind === "class" ? [modifier.name] : [])),
      searchable: modifiers.some((modifier) => modifier.kind === "searchable"),
      delegated: modifiers.some((modifier) => modifier.kind === "delegated"),
      via: modifiers.find((modifier) => modifier.kind === "via")?.join ?? null,
      doc: this.docOf(name),
      span: this.spanFrom(name),
    }));
  });

  private readonly modifier = this.RULE("modifier", (): Modifier =>
    this.OR([
      { ALT: (): Modifier => ({ kind: "class", name: this.classOf(this.CONSUME(Class)) }) },
      {
        ALT: (): Modifier => {
          this.CONSUME(words.searchable);
          return { kind: "searchable" };
        },
      },
      {
        ALT: (): Modifier => {
          this.CONSUME(words.tenant);
          return { kind: "delegated" };
        },
      },
      {
        ALT: (): Modifier => {
          this.CONSUME(words.via);
          return { kind: "via", join: this.SUBRULE(this.join) };
        },
      },
    ]),
  );

  protected readonly delegate = this.RULE("delegate", (): Bare<DelegateStatement> => {
    this.CONSUME(words.delegate);
    const names = this.SUBRULE(this.names);
    this.CONSUME(words.to, expecting("`to tenants` after the roles"));
    this.CONSUME(words.tenants, expecting("`tenants` after `to`"));
    return { kind: "delegate", names };
  });

  protected readonly evidence = this.RULE("evidence", (): Bare<EvidenceStatement> => {
    this.CONSUME(words.evidence);
    const name = this.CONSUME(Name, expecting("a name for the evidence"));
    this.CONSUME(words.from, expecting("`from` after the name"));
    const facts: EvidenceStatement["facts"][number][] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => facts.push(this.SUBRULE(this.fact)),
      ...expecting("a fact such as `context.reason`"),
    });
    return { kind: "evidence", name: this.nameOf(name), facts };
  });

  private readonly fact = this.RULE("fact", (): EvidenceStatement["facts"][number] => {
    const root = this.OR({
      DEF: [{ ALT: () => this.CONSUME(words.context) }, { ALT: () => this.CONSUME(words.principal) }],
      ...expecting("a fact such as `context.reason`"),
    });
    this.CONSUME(Dot);
    const name = this.CONSUME(AnyWord);
    return this.ACTION(() => ({
      root: root.tokenType === words.context ? "context" : "principal",
      name: this.nameOf(name),
      span: this.spanFrom(root),
    }));
  });

  protected readonly relation = this.RULE("relation", (): Bare<RelationStatement> => {
    this.CONSUME(words.relation);
    const name = this.CONSUME(Name, expecting("a name for the relation"));
    this.CONSUME(OpenRound, expecting("`(` after the relation's name"));
    const from = this.CONSUME1(Type);
    this.CONSUME(Comma, expecting("`,` between the relation's two types"));
    const to = this.CONSUME2(Type);
    this.CONSUME(CloseRound, expecting("`)` after the relation's two types"));
    this.CONSUME(words.via, expecting("`via` and a table after the relation"));
    const via = this.SUBRULE(this.join);
    return { kind: "relation", name: this.nameOf(name), from: this.nameOf(from), to: this.nameOf(to), via };
  });

  protected readonly action = this.RULE("action", (): Bare<ActionStatement> => {
    this.CONSUME(words.action);
    const names = this.SUBRULE(this.names);
    const effect = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(words.reads) },
        { ALT: () => this.CONSUME(words.creates) },
        { ALT: () => this.CONSUME(words.updates) },
        { ALT: () => this.CONSUME(words.deletes) },
      ],
      ...expecting("`reads`, `creates`, `updates` or `deletes` after the action"),
    });
    const entities = this.SUBRULE(this.typeNames);
    return { kind: "action", names, effect: effect.image as ActionStatement["effect"], entities };
  });

  protected readonly group = this.RULE("group", (): Bare<GroupStatement> => {
    this.CONSUME(words.group);
    const name = this.CONSUME(Name, expecting("a name for the group"));
    this.CONSUME(Equal, expecting("`=` after the group's name"));
    return { kind: "group", name: this.nameOf(name), members: this.SUBRULE(this.names) };
  });
}
