/** Tests inside policies: `let`, `given` and `expect` in their order. */
import type { IToken } from "chevrotain";
import type { Name as NameNode } from "../../ast/expression.ts";
import type {
  Datum,
  DatumEntry,
  Expect,
  Instance,
  Subject,
  Term,
  TestPart,
  TestStatement,
} from "../../ast/statement.ts";
import { literalKind, unquote } from "../literals.ts";
import {
  AnyWord,
  CloseBrace,
  CloseRound,
  CloseSquare,
  Colon,
  Comma,
  Equal,
  Instant,
  Minus,
  Name,
  OpenBrace,
  OpenRound,
  OpenSquare,
  Scalar,
  Text,
  Time,
  Type,
  words,
} from "../tokens.ts";
import { expecting } from "./base.ts";
import { PolicyRules } from "./policy.ts";
import type { Bare } from "./rules.ts";

export abstract class TestRules extends PolicyRules {
  protected readonly test = this.RULE("test", (): Bare<TestStatement> => {
    this.CONSUME(words.test);
    const parts: TestPart[] = [];
    const title = this.CONSUME(Text, expecting("what the test shows, in quotes, after `test`"));
    this.CONSUME(OpenBrace, expecting("`{` after the test's name"));
    this.MANY(() => parts.push(this.SUBRULE(this.testPart)));
    this.CONSUME(CloseBrace, expecting("`let`, `given`, `expect` or `}`"));
    return this.ACTION(() => ({
      kind: "test",
      title: unquote(title.image),
      titleSpan: this.spanOf(title),
      parts,
    }));
  });

  private readonly testPart = this.RULE("testPart", (): TestPart =>
    this.OR([
      { ALT: () => this.SUBRULE(this.binding) },
      { ALT: () => this.SUBRULE(this.given) },
      { ALT: () => this.SUBRULE(this.expect) },
    ]),
  );

  private readonly binding = this.RULE("binding", (): TestPart => {
    const first = this.CONSUME(words.let);
    const name = this.CONSUME(Name, expecting("a name after `let`"));
    this.CONSUME(Equal, expecting("`=` after the name"));
    const value = this.SUBRULE(this.datum);
    return this.ACTION(() => ({ kind: "let", name: this.nameOf(name), value, span: this.spanFrom(first) }));
  });

  private readonly given = this.RULE("given", (): TestPart => {
    const first = this.CONSUME(words.given);
    const given = this.OR1({
      DEF: [
        {
          ALT: () => {
            const of = this.OR2([
              {
                ALT: () => {
                  this.CONSUME(words.context);
                  return "context" as const;
                },
              },
              {
                ALT: () => {
                  this.CONSUME(words.tenant);
                  return "tenant" as const;
                },
              },
            ]);
            const values = this.SUBRULE(this.attributes);
            return { kind: "facts" as const, of, values };
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.now);
            const token = this.OR3({
              DEF: [{ ALT: () => this.CONSUME(Instant) }, { ALT: () => this.CONSUME(Time) }],
              ...expecting("an instant or a time of day after `now`"),
            });
            return this.ACTION(() => ({
              kind: "now" as const,
              type: token.tokenType === Time ? ("time" as const) : ("instant" as const),
              text: token.image,
              span: this.spanOf(token),
            }));
          },
        },
        {
          ALT: () => {
            const name = this.CONSUME(Name);
            this.CONSUME(OpenRound, expecting("`(` after the relation"));
            const from = this.SUBRULE1(this.subject);
            this.CONSUME(Comma);
            const to = this.SUBRULE2(this.subject);
            this.CONSUME(CloseRound);
            return { kind: "relation" as const, name: this.nameOf(name), from, to };
          },
        },
      ],
      ...expecting("`context`, `tenant`, `now` or a relation after `given`"),
    });
    return this.ACTION(() => ({ kind: "given", given, span: this.spanFrom(first) }));
  });

  private readonly expect = this.RULE("expect", (): TestPart => {
    const first = this.CONSUME(words.expect);
    const expect = this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.expectOne) }, { ALT: () => this.SUBRULE(this.expectList) }],
      ...expecting("`permit`, `deny`, `challenge` or `list` after `expect`"),
    });
    return this.ACTION(() => ({ kind: "expect", expect, span: this.spanFrom(first) }));
  });

  private readonly expectOne = this.RULE("expectOne", (): Expect => {
    const outcome = this.OR1([
      {
        ALT: () => {
          this.CONSUME(words.permit);
          return "permit" as const;
        },
      },
      {
        ALT: () => {
          this.CONSUME(words.deny);
          return "deny" as const;
        },
      },
      {
        ALT: () => {
          this.CONSUME(words.challenge);
          return "challenge" as const;
        },
      },
    ]);
    const principal = this.SUBRULE1(this.subject);
    this.CONSUME(words.to, expecting("`to` after who asks"));
    const action = this.CONSUME1(Name, expecting("an action after `to`"));
    const resource = this.SUBRULE2(this.subject);
    const becomes = this.OPTION(() => {
      this.CONSUME2(words.to);
      return this.SUBRULE(this.attributes);
    });
    let by: readonly NameNode[] | null = null;
    let terms: readonly Term[] | null = null;
    let as: IToken | null = null;
    this.MANY(() => {
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(words.by);
            const names = this.SUBRULE(this.names);
            this.ACTION(() => (by = [...(by ?? []), ...names]));
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.with);
            const more = this.SUBRULE(this.terms);
            this.ACTION(() => (terms = [...(terms ?? []), ...more]));
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.as);
            as = this.CONSUME2(Name, expecting("a reason such as `not_granted` after `as`"));
          },
        },
      ]);
    });
    return this.ACTION(() => ({
      kind: "one",
      outcome,
      principal,
      action: this.nameOf(action),
      resource,
      becomes: becomes ?? null,
      by,
      with: terms,
      as: as === null ? null : this.nameOf(as),
    }));
  });

  private readonly expectList = this.RULE("expectList", (): Expect => {
    this.CONSUME(words.list);
    const principal = this.SUBRULE(this.subject);
    this.CONSUME(words.to, expecting("`to` after who asks"));
    const action = this.CONSUME(Name, expecting("an action after `to`"));
    const entity = this.CONSUME(Type, expecting("an entity after the action"));
    this.CONSUME(words.over, expecting("`over` after the entity"));
    const over = this.SUBRULE1(this.data);
    this.CONSUME(words.gives, expecting("`gives` after the rows"));
    const gives = this.SUBRULE2(this.data);
    return {
      kind: "list",
      principal,
      action: this.nameOf(action),
      entity: this.nameOf(entity),
      over,
      gives,
    };
  });

  private readonly subject = this.RULE("subject", (): Subject =>
    this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.bareName) }, { ALT: () => this.SUBRULE(this.instance) }],
      ...expecting("a name or an entity such as `Book { }`"),
    }),
  );

  /** A name that a `let` of the test, an enum or a role gives a meaning. */
  private readonly bareName = this.RULE("bareName", (): Extract<Datum, { kind: "name" }> => {
    const name = this.CONSUME(Name);
    return this.ACTION(() => ({ kind: "name", name: this.nameOf(name), span: this.spanOf(name) }));
  });

  /** `Book "b-1" { title: "Emma" }` */
  private readonly instance = this.RULE("instance", (): Instance => {
    const entity = this.CONSUME(Type);
    const id = this.OPTION1(() => this.CONSUME(Text));
    const fields = this.OPTION2(() => this.SUBRULE(this.attributes));
    return this.ACTION(() => ({
      kind: "instance",
      entity: this.nameOf(entity),
      id: id === undefined ? null : unquote(id.image),
      fields: fields ?? [],
      span: this.spanFrom(entity),
    }));
  });

  /** `{ title: "Emma", marks: ["rare"] }` */
  private readonly attributes = this.RULE("attributes", (): readonly DatumEntry[] => {
    const entries: DatumEntry[] = [];
    this.CONSUME(OpenBrace);
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => {
        const key = this.CONSUME(AnyWord);
        this.CONSUME(Colon, expecting("`:` after the key"));
        const value = this.SUBRULE(this.datum);
        this.ACTION(() => entries.push({ key: this.nameOf(key), value, span: this.spanFrom(key) }));
      },
    });
    this.CONSUME(CloseBrace, expecting("`,` or `}` after the value"));
    return entries;
  });

  private readonly datum = this.RULE("datum", (): Datum =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.bareName) },
        { ALT: () => this.SUBRULE(this.instance) },
        {
          ALT: () => {
            const token = this.CONSUME(Scalar);
            return this.ACTION(() => this.literalDatum(token, token, ""));
          },
        },
        {
          ALT: () => {
            const minus = this.CONSUME(Minus);
            const token = this.SUBRULE(this.digits);
            return this.ACTION(() => this.literalDatum(minus, token, "-"));
          },
        },
        { ALT: () => this.SUBRULE(this.datumList) },
      ],
      ...expecting("a name, a value, an entity or a list"),
    }),
  );

  private literalDatum(first: IToken, token: IToken, sign: string): Datum {
    return {
      kind: "literal",
      type: literalKind(token),
      text: sign + token.image,
      span: this.spanFrom(first),
    };
  }

  private readonly datumList = this.RULE("datumList", (): Datum => {
    const first = this.LA(1);
    const of = this.SUBRULE(this.data);
    return this.ACTION(() => ({ kind: "data", of, span: this.spanFrom(first) }));
  });

  private readonly data = this.RULE("data", (): readonly Datum[] => {
    const of: Datum[] = [];
    this.CONSUME(OpenSquare);
    this.MANY_SEP({ SEP: Comma, DEF: () => of.push(this.SUBRULE(this.datum)) });
    this.CONSUME(CloseSquare, expecting("`,` or `]` after the value"));
    return of;
  });
}
