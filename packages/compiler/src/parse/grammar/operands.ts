/** What a condition compares: attributes, names, relations, literals and the time. */
import type { IToken, ParserMethod } from "chevrotain";
import type { Expression, PathExpression, PathRoot as RootWord, PathStep } from "../../ast/expression.ts";
import { literalKind, unquote } from "../literals.ts";
import {
  AnyWord,
  Class,
  CloseRound,
  CloseSquare,
  Comma,
  Dot,
  DotDot,
  Duration,
  Minus,
  Name,
  OpenRound,
  OpenSquare,
  PathRoot,
  Plus,
  QuestionQuestion,
  Scalar,
  Text,
  Time,
  Type,
  words,
} from "../tokens.ts";
import { expecting } from "./base.ts";
import { TermRules } from "./terms.ts";

export const aValue =
  "a condition or a value: an attribute such as `resource.name`, a name, a literal or `(`";

const aFallback = "a literal, such as a number, a string or a value of an enum, after `??`";

export abstract class OperandRules extends TermRules {
  /** The rule of whole conditions, which stand in arguments and lists too. */
  protected abstract readonly expression: ParserMethod<[], Expression>;

  protected readonly now = this.RULE("now", (): Expression => {
    const now = this.CONSUME(words.now);
    const offset = this.OPTION(() => {
      const sign = this.OR([{ ALT: () => this.CONSUME(Minus) }, { ALT: () => this.CONSUME(Plus) }]);
      const duration = this.CONSUME(Duration, expecting("a duration such as `5m`"));
      return this.ACTION(() => ({
        sign: sign.tokenType === Minus ? ("-" as const) : ("+" as const),
        duration: duration.image,
        span: this.spanFrom(sign),
      }));
    });
    return this.ACTION(() => ({ kind: "now", offset: offset ?? null, span: this.spanFrom(now) }));
  });

  protected readonly fallback = this.RULE("fallback", (): Expression => {
    const path = this.SUBRULE(this.path);
    const literal = this.OPTION(() => {
      this.CONSUME(QuestionQuestion);
      return this.OR({
        DEF: [{ ALT: () => this.SUBRULE(this.literal) }, { ALT: () => this.SUBRULE(this.enumValue) }],
        ...expecting(aFallback),
      });
    });
    return this.ACTION(() =>
      literal === undefined
        ? path
        : { kind: "fallback", path, literal, span: { ...path.span, end: this.spanOf(this.LA(0)).end } },
    );
  });

  /** A value of an enum. */
  private readonly enumValue = this.RULE("enumValue", (): PathExpression => {
    const token = this.CONSUME(Name);
    return this.ACTION(() => {
      const span = this.spanOf(token);
      const root = { kind: "name" as const, name: this.nameOf(token) };
      return { kind: "path", root, rootSpan: span, args: null, steps: [], span };
    });
  });

  protected readonly path = this.RULE("path", (): PathExpression => {
    const token = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(PathRoot) },
        { ALT: () => this.CONSUME(Name) },
        { ALT: () => this.CONSUME(Class) },
      ],
      ...expecting("an attribute such as `resource.name`, or a name"),
    });
    const args = this.OPTION1(() => this.SUBRULE1(this.args));
    const steps: PathStep[] = [];
    this.MANY(() => {
      this.CONSUME(Dot);
      const name = this.CONSUME(AnyWord, expecting("a name after `.`"));
      const given = this.OPTION2(() => this.SUBRULE2(this.args));
      steps.push({ name: this.nameOf(name), args: given ?? null });
    });
    return this.ACTION(() => ({
      kind: "path",
      root: this.rootOf(token),
      rootSpan: this.spanOf(token),
      args: args ?? null,
      steps,
      span: this.spanFrom(token),
    }));
  });

  private readonly args = this.RULE("args", (): Expression[] => {
    const args: Expression[] = [];
    this.CONSUME(OpenRound);
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => args.push(this.SUBRULE(this.expression)),
      ...expecting(aValue),
    });
    this.CONSUME(CloseRound, expecting("`,` or `)` after the argument"));
    return args;
  });

  protected readonly literal = this.RULE("literal", (): Expression =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.scalarOrRange) },
        { ALT: () => this.SUBRULE(this.entityLiteral) },
        { ALT: () => this.SUBRULE(this.negative) },
        { ALT: () => this.SUBRULE(this.list) },
      ],
      ...expecting("a literal, such as a number, a string or a list"),
    }),
  );

  private readonly scalarOrRange = this.RULE("scalarOrRange", (): Expression => {
    const token = this.CONSUME(Scalar);
    const to = this.OPTION({
      GATE: () => token.tokenType === Time,
      DEF: () => {
        this.CONSUME(DotDot);
        return this.CONSUME(Time, expecting("a time of day after `..`"));
      },
    });
    return this.ACTION(() => {
      const span = this.spanFrom(token);
      if (to !== undefined) return { kind: "time_range", from: token.image, to: to.image, span };
      return { kind: "literal", type: literalKind(token), text: token.image, span };
    });
  });

  /** `Branch "b-1"` */
  private readonly entityLiteral = this.RULE("entityLiteral", (): Expression => {
    const type = this.CONSUME(Type);
    const id = this.CONSUME(Text, expecting(`an id in quotes after the type, as in \`Name "id"\``));
    return this.ACTION(() => ({
      kind: "entity",
      entity: this.nameOf(type),
      id: unquote(id.image),
      span: this.spanFrom(type),
    }));
  });

  private readonly negative = this.RULE("negative", (): Expression => {
    const minus = this.CONSUME(Minus);
    const digits = this.SUBRULE(this.digits);
    return this.ACTION(() => ({
      kind: "literal",
      type: literalKind(digits),
      text: `-${digits.image}`,
      span: this.spanFrom(minus),
    }));
  });

  private readonly list = this.RULE("list", (): Expression => {
    const open = this.CONSUME(OpenSquare);
    const of: Expression[] = [];
    this.MANY_SEP({ SEP: Comma, DEF: () => of.push(this.SUBRULE(this.expression)) });
    this.CONSUME(CloseSquare, expecting("`,` or `]` after the list's value"));
    return this.ACTION(() => ({ kind: "list", of, span: this.spanFrom(open) }));
  });

  private rootOf(token: IToken): PathExpression["root"] {
    if (token.tokenType === Class) return { kind: "class", name: this.classOf(token) };
    const categories = token.tokenType.CATEGORIES ?? [];
    if (categories.includes(PathRoot)) return { kind: "keyword", word: token.image as RootWord };
    return { kind: "name", name: this.nameOf(token) };
  }
}
