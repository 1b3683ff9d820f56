/** Names, classes, literals and terms: what rules, settings, packs and tests are filled with. */
import type { IToken } from "chevrotain";
import type { Name as NameNode } from "../../ast/expression.ts";
import type { Argument, Term } from "../../ast/statement.ts";
import { literalKind } from "../literals.ts";
import {
  AnyWord,
  Class,
  CloseRound,
  Colon,
  Comma,
  Decimal,
  Int,
  Minus,
  Name,
  OpenRound,
  Scalar,
  Type,
  Version3,
  words,
} from "../tokens.ts";
import { BaseRules, expecting } from "./base.ts";

const aTerm = "a name, a class, a value, `principal`, `resource` or `tenant`";

export abstract class TermRules extends BaseRules {
  protected readonly names = this.RULE("names", (): NameNode[] => {
    const names: NameNode[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => names.push(this.nameOf(this.CONSUME(Name))) });
    return names;
  });

  protected readonly typeNames = this.RULE("typeNames", (): NameNode[] => {
    const names: NameNode[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => names.push(this.nameOf(this.CONSUME(Type))) });
    return names;
  });

  /** `(name, name)` */
  protected readonly nameList = this.RULE("nameList", (): NameNode[] => {
    this.CONSUME(OpenRound);
    const names = this.SUBRULE(this.names);
    this.CONSUME(CloseRound);
    return names;
  });

  /** A version is text: 1.10 is not 1.1. */
  protected readonly version = this.RULE("version", (): string => {
    const token = this.OR({
      DEF: [{ ALT: () => this.CONSUME(Decimal) }, { ALT: () => this.CONSUME(Version3) }],
      ...expecting("a version such as `1.2` after the pack's name"),
    });
    return token.image;
  });

  protected readonly number = this.RULE("number", (): string => {
    const minus = this.OPTION(() => this.CONSUME(Minus));
    const digits = this.SUBRULE(this.digits);
    return this.ACTION(() => (minus === undefined ? "" : "-") + digits.image);
  });

  protected readonly digits = this.RULE("digits", (): IToken =>
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(Int) }, { ALT: () => this.CONSUME(Decimal) }],
      ...expecting("a number"),
    }),
  );

  protected readonly terms = this.RULE("terms", (): Term[] => {
    const terms: Term[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => terms.push(this.SUBRULE(this.term)),
      ...expecting(aTerm),
    });
    return terms;
  });

  protected readonly term = this.RULE("term", (): Term =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.call) },
        { ALT: () => this.keywordTerm("principal", this.CONSUME(words.principal)) },
        { ALT: () => this.keywordTerm("resource", this.CONSUME(words.resource)) },
        { ALT: () => this.keywordTerm("tenant", this.CONSUME(words.tenant)) },
        { ALT: () => this.classTerm(this.CONSUME(Class)) },
        { ALT: () => this.literalTerm(this.CONSUME(Scalar)) },
      ],
      ...expecting(aTerm),
    }),
  );

  /** `reason`, `mask(card, partial(last: 4))` */
  private readonly call = this.RULE("call", (): Term => {
    const name = this.CONSUME(Name);
    const args: Argument[] = [];
    this.OPTION(() => {
      this.CONSUME(OpenRound);
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => args.push(this.SUBRULE(this.argument)),
        ...expecting(aTerm),
      });
      this.CONSUME(CloseRound, expecting("`,` or `)` after the argument"));
    });
    return this.ACTION(() => ({ kind: "call", name: this.nameOf(name), args, span: this.spanFrom(name) }));
  });

  private readonly argument = this.RULE("argument", (): Argument => {
    const label = this.OPTION(() => {
      const word = this.CONSUME(AnyWord);
      this.CONSUME(Colon);
      return this.nameOf(word);
    });
    return { label: label ?? null, term: this.SUBRULE(this.term) };
  });

  private keywordTerm(word: "principal" | "resource" | "tenant", token: IToken): Term {
    return { kind: "keyword", word, span: this.spanOf(token) };
  }

  private classTerm(token: IToken): Term {
    return { kind: "class", name: this.classOf(token), span: this.spanOf(token) };
  }

  private literalTerm(token: IToken): Term {
    return this.ACTION(() => ({
      kind: "literal",
      type: literalKind(token),
      text: token.image,
      span: this.spanOf(token),
    }));
  }
}
