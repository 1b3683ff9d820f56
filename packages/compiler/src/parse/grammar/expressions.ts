/** Conditions. `and` and `or` do not mix, comparisons do not chain: both parse, and are noted with a fix. */
import type { IToken } from "chevrotain";
import type { Expression } from "../../ast/expression.ts";
import { CloseRound, Comparison, OpenRound, words } from "../tokens.ts";
import { expecting } from "./base.ts";
import { joinComparison, joinConnectives } from "./connectives.ts";
import type { ComparisonOperator, Connective, Part } from "./connectives.ts";
import { aValue, OperandRules } from "./operands.ts";

export abstract class ExpressionRules extends OperandRules {
  protected override readonly expression = this.RULE("expression", (): Expression => {
    const start = this.LA(1);
    const first = this.SUBRULE1(this.unary);
    const head = this.ACTION(() => this.part(null, start, start, first));
    const rest: Part<Connective>[] = [];
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(words.and) },
        { ALT: () => this.CONSUME(words.or) },
      ]);
      const from = this.LA(1);
      const value = this.SUBRULE2(this.unary);
      this.ACTION(() =>
        rest.push(this.part(operator.tokenType === words.and ? "and" : "or", operator, from, value)),
      );
    });
    return this.ACTION(() => {
      const joined = joinConnectives([head, ...rest]);
      this.note(joined.finding);
      return joined.expression;
    });
  });

  private readonly unary = this.RULE("unary", (): Expression =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.negation) },
        { ALT: () => this.SUBRULE(this.presence) },
        { ALT: () => this.SUBRULE(this.comparison) },
      ],
      ...expecting(aValue),
    }),
  );

  private readonly negation = this.RULE("negation", (): Expression => {
    const not = this.CONSUME(words.not);
    const of = this.SUBRULE(this.unary);
    return this.ACTION(() => ({ kind: "not", of, span: this.spanFrom(not) }));
  });

  private readonly presence = this.RULE("presence", (): Expression => {
    const has = this.CONSUME(words.has);
    const path = this.SUBRULE(this.path);
    return this.ACTION(() => ({ kind: "has", path, span: this.spanFrom(has) }));
  });

  private readonly comparison = this.RULE("comparison", (): Expression => {
    const start = this.LA(1);
    const first = this.SUBRULE1(this.operand);
    const head = this.ACTION(() => this.part(null, start, start, first));
    const rest: Part<ComparisonOperator>[] = [];
    this.MANY(() => {
      const from = this.LA(1);
      this.SUBRULE(this.operator);
      const operator = this.ACTION(() => ({ from, to: this.LA(0) }));
      const right = this.LA(1);
      const value = this.SUBRULE2(this.operand);
      this.ACTION(() => {
        const text = operator.from === operator.to ? operator.from.image : "not in";
        rest.push(this.part(text as ComparisonOperator, operator.from, right, value, operator.to));
      });
    });
    return this.ACTION(() => {
      const joined = joinComparison([head, ...rest], (span) => this.textOf(span));
      this.note(joined.finding);
      return joined.expression;
    });
  });

  private readonly operator = this.RULE("operator", (): void => {
    this.OR([
      { ALT: () => this.CONSUME(Comparison) },
      { ALT: () => this.CONSUME1(words.in) },
      {
        ALT: () => {
          this.CONSUME(words.not);
          this.CONSUME2(words.in, expecting("`in` after `not` (or `and` before it)"));
        },
      },
    ]);
  });

  private readonly operand = this.RULE("operand", (): Expression =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.now) },
        { ALT: () => this.SUBRULE(this.fallback) },
        { ALT: () => this.SUBRULE(this.literal) },
        {
          ALT: () => {
            this.CONSUME(OpenRound);
            const inner = this.SUBRULE(this.expression);
            this.CONSUME(CloseRound, expecting("`)` after the condition in parentheses"));
            return inner;
          },
        },
      ],
      ...expecting(aValue),
    }),
  );

  private part<Operator>(
    operator: Operator,
    operatorFrom: IToken,
    from: IToken,
    value: Expression,
    operatorTo = operatorFrom,
  ): Part<Operator> {
    const operatorSpan = { ...this.spanOf(operatorFrom), end: this.spanOf(operatorTo).end };
    return { operator, operatorSpan, value, span: this.spanFrom(from) };
  }
}
