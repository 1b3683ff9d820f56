/** Types and joins. */
import type { Join, TypeReference } from "../../ast/statement.ts";
import {
  CloseRound,
  Comma,
  DotDot,
  Greater,
  Less,
  Name,
  OpenRound,
  Question,
  Scalar,
  Type,
} from "../tokens.ts";
import { expecting } from "./base.ts";
import { RuleRules } from "./rules.ts";

type Bounds = NonNullable<TypeReference["bounds"]>;

export abstract class TypeRules extends RuleRules {
  /** `Int(0..5)`, `Decimal(12, 2)`, `Duration(..15m)`, `Set<String>`, `Member?` */
  protected readonly type = this.RULE("type", (): TypeReference => {
    const name = this.CONSUME1(Type);
    const inner = this.OPTION1(() =>
      this.OR([
        { ALT: () => ({ bounds: this.SUBRULE(this.bounds), of: null }) },
        {
          ALT: () => {
            this.CONSUME(Less);
            const of = this.CONSUME2(Type, expecting("a type after `<`"));
            this.CONSUME(Greater, expecting("`>` after the type"));
            return { bounds: null, of: this.nameOf(of) };
          },
        },
      ]),
    );
    const optional = this.OPTION2(() => this.CONSUME(Question));
    return this.ACTION(() => ({
      name: this.nameOf(name),
      bounds: inner?.bounds ?? null,
      of: inner?.of ?? null,
      optional: optional !== undefined,
      span: this.spanFrom(name),
    }));
  });

  private readonly bounds = this.RULE("bounds", (): Bounds => {
    const open = this.CONSUME(OpenRound);
    const bounds = this.OR1({
      DEF: [
        {
          ALT: () => {
            const low = this.SUBRULE1(this.number);
            const kind = this.OR2({
              DEF: [
                {
                  ALT: () => {
                    this.CONSUME1(DotDot);
                    return "range" as const;
                  },
                },
                {
                  ALT: () => {
                    this.CONSUME(Comma);
                    return "pair" as const;
                  },
                },
              ],
              ...expecting("`..` or `,` after the number"),
            });
            return { kind, low, high: this.SUBRULE2(this.number) };
          },
        },
        {
          ALT: () => {
            this.CONSUME2(DotDot);
            return { kind: "range" as const, low: null, high: this.CONSUME(Scalar).image };
          },
        },
      ],
      ...expecting("bounds such as `0..5`, `12, 2` or `..15m`"),
    });
    this.CONSUME(CloseRound, expecting("`)` after the bounds"));
    return this.ACTION(() => ({ ...bounds, span: this.spanFrom(open) }));
  });

  /** `table(column, column)` */
  protected readonly join = this.RULE("join", (): Join => {
    const table = this.CONSUME(Name, expecting("a table with its columns, as in `tags(book_id, tag)`"));
    const columns = this.SUBRULE(this.nameList);
    return this.ACTION(() => ({ table: this.nameOf(table), columns, span: this.spanFrom(table) }));
  });
}
