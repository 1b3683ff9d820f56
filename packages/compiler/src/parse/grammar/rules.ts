/** Permits, forbids, ceilings, floors, shares and requires: who may do what to which, and their clauses. */
import type { IToken } from "chevrotain";
import type { Expression, Name as NameNode } from "../../ast/expression.ts";
import type { Clause, Reach, RequireStatement, RuleStatement, Who } from "../../ast/statement.ts";
import { unquote } from "../literals.ts";
import { Class, Colon, Comma, Name, Text, Type, words } from "../tokens.ts";
import { expecting } from "./base.ts";
import { ExpressionRules } from "./expressions.ts";

/** A statement before its documentation and annotations are added. */
export type Bare<Statement> = Statement extends unknown
  ? Omit<Statement, "doc" | "annotations" | "span">
  : never;

export abstract class RuleRules extends ExpressionRules {
  protected readonly rule = this.RULE("rule", (): Bare<RuleStatement> => {
    const keyword = this.OR([
      { ALT: () => this.CONSUME(words.permit) },
      { ALT: () => this.CONSUME(words.forbid) },
      { ALT: () => this.CONSUME(words.ceiling) },
      { ALT: () => this.CONSUME(words.floor) },
      { ALT: () => this.CONSUME(words.share) },
    ]);
    const name = this.CONSUME(Name, expecting("a name for the rule"));
    this.CONSUME(Colon, expecting("`:` after the rule's name"));
    const reach = this.SUBRULE(this.reach);
    const clauses = this.SUBRULE(this.clauses);
    return this.ACTION(() => ({
      kind: keyword.image as RuleStatement["kind"],
      name: this.nameOf(name),
      reach,
      clauses,
    }));
  });

  protected readonly require = this.RULE("require", (): Bare<RequireStatement> => {
    this.CONSUME(words.require);
    const name = this.CONSUME(Name, expecting("a name for the rule"));
    this.CONSUME(Colon, expecting("`:` after the rule's name"));
    const terms = this.SUBRULE(this.terms);
    const reach = this.OPTION(() => {
      this.CONSUME(words.for);
      return this.SUBRULE(this.reach);
    });
    const clauses = this.SUBRULE(this.clauses);
    return { kind: "require", name: this.nameOf(name), terms, reach: reach ?? null, clauses };
  });

  /** WHO to ACTIONS TYPES */
  protected readonly reach = this.RULE("reach", (): Reach => {
    const first = this.LA(1);
    const who = this.SUBRULE(this.who);
    this.CONSUME(words.to, expecting("`to` after who the rule is for"));
    const actions = this.SUBRULE(this.actions);
    const types = this.SUBRULE(this.types);
    const touching = this.OPTION(() => {
      this.CONSUME(words.touching);
      return this.SUBRULE(this.classOrName);
    });
    return this.ACTION(() => ({
      who,
      actions,
      types,
      touching: touching ?? null,
      span: this.spanFrom(first),
    }));
  });

  protected readonly who = this.RULE("who", (): Who => {
    const first = this.LA(1);
    return this.OR({
      DEF: [
        {
          ALT: (): Who => {
            this.CONSUME(words.anyone);
            const except = this.OPTION(() => {
              this.CONSUME(words.except);
              return this.SUBRULE(this.names);
            });
            return this.ACTION(() => ({ kind: "anyone", except: except ?? [], span: this.spanFrom(first) }));
          },
        },
        {
          ALT: (): Who => {
            const names: NameNode[] = [];
            this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => names.push(this.SUBRULE(this.roleOrType)) });
            return this.ACTION(() => ({ kind: "names", names, span: this.spanFrom(first) }));
          },
        },
      ],
      ...expecting("who the rule is for: `anyone`, a role or a principal type"),
    });
  });

  private readonly roleOrType = this.RULE("roleOrType", (): NameNode => {
    const token = this.OR({
      DEF: [{ ALT: () => this.CONSUME(Name) }, { ALT: () => this.CONSUME(Type) }],
      ...expecting("a role or a principal type after `,`"),
    });
    return this.ACTION(() => this.nameOf(token));
  });

  private readonly actions = this.RULE("actions", (): Reach["actions"] =>
    this.OR({
      DEF: [
        {
          ALT: (): Reach["actions"] => {
            const act = this.CONSUME(words.act);
            this.CONSUME(words.on, expecting("`on` after `act`"));
            return this.ACTION(() => ({ kind: "act_on", span: this.spanFrom(act) }));
          },
        },
        { ALT: (): Reach["actions"] => ({ kind: "names", names: this.SUBRULE(this.names) }) },
      ],
      ...expecting("an action or `act on` after `to`"),
    }),
  );

  private readonly types = this.RULE("types", (): Reach["types"] =>
    this.OR({
      DEF: [
        {
          ALT: (): Reach["types"] => ({ kind: "anything", span: this.spanOf(this.CONSUME(words.anything)) }),
        },
        { ALT: (): Reach["types"] => ({ kind: "names", names: this.SUBRULE(this.typeNames) }) },
      ],
      ...expecting("an entity or `anything` after the actions"),
    }),
  );

  private readonly classOrName = this.RULE("classOrName", (): NonNullable<Reach["touching"]> =>
    this.OR({
      DEF: [
        { ALT: () => ({ kind: "class" as const, name: this.classOf(this.CONSUME(Class)) }) },
        { ALT: () => ({ kind: "name" as const, name: this.nameOf(this.CONSUME(Name)) }) },
      ],
      ...expecting("a class such as `#private` after `touching`"),
    }),
  );

  protected readonly clauses = this.RULE("clauses", (): Clause[] => {
    const clauses: Clause[] = [];
    this.MANY(() => clauses.push(this.SUBRULE(this.clause)));
    return clauses;
  });

  private readonly clause = this.RULE("clause", (): Clause =>
    this.OR([
      { ALT: () => this.condition("when", this.CONSUME(words.when), this.SUBRULE1(this.expression)) },
      { ALT: () => this.condition("unless", this.CONSUME(words.unless), this.SUBRULE2(this.expression)) },
      {
        ALT: (): Clause => {
          const first = this.CONSUME(words.with);
          const terms = this.SUBRULE(this.terms);
          return this.ACTION(() => ({ kind: "with", terms, span: this.spanFrom(first) }));
        },
      },
      {
        ALT: (): Clause => {
          const first = this.CONSUME(words.because);
          const text = this.CONSUME(Text, expecting("a reason in quotes after `because`"));
          return this.ACTION(() => ({
            kind: "because",
            text: unquote(text.image),
            span: this.spanFrom(first),
          }));
        },
      },
      {
        ALT: (): Clause => {
          const first = this.CONSUME(words.trusting);
          const names = this.SUBRULE(this.trusted);
          return this.ACTION(() => ({ kind: "trusting", names, span: this.spanFrom(first) }));
        },
      },
    ]),
  );

  private readonly trusted = this.RULE("trusted", (): NameNode[] => {
    const names: NameNode[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => {
        const token = this.OR({
          DEF: [{ ALT: () => this.CONSUME(Name) }, { ALT: () => this.CONSUME(words.clock) }],
          ...expecting("a role, an attribute or `clock` after `trusting`"),
        });
        names.push(this.ACTION(() => this.nameOf(token)));
      },
    });
    return names;
  });

  private condition(kind: "when" | "unless", first: IToken, condition: Expression): Clause {
    return this.ACTION(() => ({ kind, condition, span: this.spanFrom(first) }));
  }
}
