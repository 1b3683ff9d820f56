/** Tests inside policies: `let`, `given` and `expect` in their order. */
import type { LaterPart, LaterStatement } from "../../ast/statement.ts";
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
  protected readonly test = this.RULE("test", (): Bare<LaterStatement> => {
    const keyword = this.CONSUME(words.test);
    const parts: LaterPart[] = [];
    this.CONSUME(Text, expecting("what the test shows, in quotes, after `test`"));
    this.CONSUME(OpenBrace, expecting("`{` after the test's name"));
    this.MANY(() => parts.push(this.SUBRULE(this.testPart)));
    this.CONSUME(CloseBrace, expecting("`let`, `given`, `expect` or `}`"));
    return this.later("test", keyword, parts);
  });

  private readonly testPart = this.RULE("testPart", (): LaterPart => {
    const first = this.LA(1);
    const kind = this.OR([
      { ALT: () => this.SUBRULE(this.binding) },
      { ALT: () => this.SUBRULE(this.given) },
      { ALT: () => this.SUBRULE(this.expect) },
    ]);
    return this.ACTION(() => this.partFrom(kind, first));
  });

  private readonly binding = this.RULE("binding", (): "let" => {
    this.CONSUME(words.let);
    this.CONSUME(Name, expecting("a name after `let`"));
    this.CONSUME(Equal, expecting("`=` after the name"));
    this.SUBRULE(this.datum);
    return "let";
  });

  private readonly given = this.RULE("given", (): "given" => {
    this.CONSUME(words.given);
    this.OR1({
      DEF: [
        {
          ALT: () => {
            this.OR2([{ ALT: () => this.CONSUME(words.context) }, { ALT: () => this.CONSUME(words.tenant) }]);
            this.SUBRULE(this.record);
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.now);
            this.OR3({
              DEF: [{ ALT: () => this.CONSUME(Instant) }, { ALT: () => this.CONSUME(Time) }],
              ...expecting("an instant or a time of day after `now`"),
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(Name);
            this.CONSUME(OpenRound, expecting("`(` after the relation"));
            this.SUBRULE1(this.subject);
            this.CONSUME(Comma);
            this.SUBRULE2(this.subject);
            this.CONSUME(CloseRound);
          },
        },
      ],
      ...expecting("`context`, `tenant`, `now` or a relation after `given`"),
    });
    return "given";
  });

  private readonly expect = this.RULE("expect", (): "expect" => {
    this.CONSUME(words.expect);
    this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.expectOne) }, { ALT: () => this.SUBRULE(this.expectList) }],
      ...expecting("`permit`, `deny`, `challenge` or `list` after `expect`"),
    });
    return "expect";
  });

  private readonly expectOne = this.RULE("expectOne", (): void => {
    this.OR1([
      { ALT: () => this.CONSUME(words.permit) },
      { ALT: () => this.CONSUME(words.deny) },
      { ALT: () => this.CONSUME(words.challenge) },
    ]);
    this.SUBRULE1(this.subject);
    this.CONSUME(words.to, expecting("`to` after who asks"));
    this.CONSUME1(Name, expecting("an action after `to`"));
    this.SUBRULE2(this.subject);
    this.MANY(() => {
      this.OR2([
        {
          ALT: () => {
            this.CONSUME(words.by);
            this.SUBRULE(this.names);
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.with);
            this.SUBRULE(this.terms);
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.as);
            this.CONSUME2(Name, expecting("a reason such as `not_granted` after `as`"));
          },
        },
      ]);
    });
  });

  private readonly expectList = this.RULE("expectList", (): void => {
    this.CONSUME(words.list);
    this.SUBRULE(this.subject);
    this.CONSUME(words.to, expecting("`to` after who asks"));
    this.CONSUME(Name, expecting("an action after `to`"));
    this.CONSUME(Type, expecting("an entity after the action"));
    this.CONSUME(words.over, expecting("`over` after the entity"));
    this.SUBRULE1(this.data);
    this.CONSUME(words.gives, expecting("`gives` after the rows"));
    this.SUBRULE2(this.data);
  });

  private readonly subject = this.RULE("subject", (): void => {
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(Name) }, { ALT: () => this.SUBRULE(this.instance) }],
      ...expecting("a name or an entity such as `Book { }`"),
    });
  });

  /** `Book "b-1" { title: "Emma" }` */
  private readonly instance = this.RULE("instance", (): void => {
    this.CONSUME(Type);
    this.OPTION1(() => this.CONSUME(Text));
    this.OPTION2(() => {
      this.CONSUME(OpenBrace);
      this.MANY_SEP({
        SEP: Comma,
        DEF: () => {
          this.CONSUME(AnyWord);
          this.CONSUME(Colon);
          this.SUBRULE(this.datum);
        },
      });
      this.CONSUME(CloseBrace, expecting("`,` or `}` after the value"));
    });
  });

  private readonly datum = this.RULE("datum", (): void => {
    this.OR({
      DEF: [
        { ALT: () => this.CONSUME(Name) },
        { ALT: () => this.SUBRULE(this.instance) },
        { ALT: () => this.CONSUME(Scalar) },
        {
          ALT: () => {
            this.CONSUME(Minus);
            this.SUBRULE(this.digits);
          },
        },
        { ALT: () => this.SUBRULE(this.data) },
      ],
      ...expecting("a name, a value, an entity or a list"),
    });
  });

  private readonly data = this.RULE("data", (): void => {
    this.CONSUME(OpenSquare);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.datum) });
    this.CONSUME(CloseSquare, expecting("`,` or `]` after the value"));
  });
}
