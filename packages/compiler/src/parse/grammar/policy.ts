/** What a policy holds beside its rules: roles, lets, settings, packs and their parameters, asserts. */
import type { IToken } from "chevrotain";
import type { LaterPart, LaterStatement, LetStatement, RoleStatement } from "../../ast/statement.ts";
import { AnyWord, CloseBrace, Colon, Comma, Dot, Equal, Name, OpenBrace, Type, words } from "../tokens.ts";
import { expecting } from "./base.ts";
import { TypeRules } from "./types.ts";
import type { Bare } from "./rules.ts";

export abstract class PolicyRules extends TypeRules {
  protected readonly role = this.RULE("role", (): Bare<RoleStatement> => {
    this.CONSUME(words.role);
    const names = this.SUBRULE1(this.names);
    const modifier = this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(words.platform);
            return { kind: "platform" as const };
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.extends);
            return { kind: "extends" as const, names: this.SUBRULE2(this.names) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.for);
            return { kind: "for" as const, types: this.SUBRULE(this.typeNames) };
          },
        },
      ]),
    );
    return { kind: "role", names, modifier: modifier ?? null };
  });

  protected readonly let = this.RULE("let", (): Bare<LetStatement> => {
    this.CONSUME(words.let);
    const name = this.CONSUME(Name, expecting("a name after `let`"));
    const parameters = this.OPTION(() => this.SUBRULE(this.nameList));
    this.CONSUME(Equal, expecting("`=` after the name"));
    const value = this.SUBRULE(this.expression);
    return { kind: "let", name: this.nameOf(name), parameters: parameters ?? null, value };
  });

  protected readonly settings = this.RULE("settings", (): Bare<LaterStatement> => {
    const keyword = this.CONSUME(words.settings);
    const parts: LaterPart[] = [];
    this.CONSUME(OpenBrace);
    this.MANY(() => {
      const key = this.CONSUME(AnyWord);
      this.CONSUME(Colon, expecting("`:` after the setting's name"));
      this.OR({
        DEF: [{ ALT: () => this.SUBRULE(this.record) }, { ALT: () => this.SUBRULE(this.term) }],
        ...expecting("a value or `{` after `:`"),
      });
      parts.push(this.partFrom("setting", key));
    });
    this.CONSUME(CloseBrace, expecting("another setting or `}`"));
    return this.later("settings", keyword, parts);
  });

  /** `{ key: term, key: term }` */
  protected readonly record = this.RULE("record", (): void => {
    this.CONSUME(OpenBrace);
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => {
        this.CONSUME(AnyWord);
        this.CONSUME(Colon);
        this.SUBRULE(this.term);
      },
    });
    this.CONSUME(CloseBrace, expecting("`,` or `}` after the value"));
  });

  protected readonly use = this.RULE("use", (): Bare<LaterStatement> => {
    const keyword = this.CONSUME(words.use);
    const parts: LaterPart[] = [];
    this.CONSUME(Name, expecting("a pack's name after `use`"));
    this.SUBRULE(this.version);
    this.OPTION(() => {
      this.CONSUME(OpenBrace);
      this.MANY(() => {
        const key = this.CONSUME(AnyWord);
        this.CONSUME(Colon, expecting("`:` after the parameter's name"));
        this.SUBRULE(this.term);
        parts.push(this.partFrom("argument", key));
      });
      this.CONSUME(CloseBrace, expecting("another parameter (without a comma) or `}`"));
    });
    return this.later("use", keyword, parts);
  });

  protected readonly parameter = this.RULE("parameter", (): Bare<LaterStatement> => {
    const keyword = this.CONSUME(words.parameter);
    this.CONSUME(Name, expecting("a name for the parameter"));
    this.CONSUME(Colon, expecting("`:` after the parameter's name"));
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(words.class) }, { ALT: () => this.SUBRULE(this.type) }],
      ...expecting("`class` or a type after `:`"),
    });
    this.OPTION(() => {
      this.CONSUME(Equal);
      this.SUBRULE(this.term);
    });
    return this.later("parameter", keyword, []);
  });

  protected readonly assert = this.RULE("assert", (): Bare<LaterStatement> => {
    const keyword = this.CONSUME(words.assert);
    this.CONSUME(Name, expecting("a name for the assert"));
    this.CONSUME(Colon, expecting("`:` after the assert's name"));
    this.OR1({
      DEF: [{ ALT: () => this.CONSUME(words.never) }, { ALT: () => this.CONSUME(words.always) }],
      ...expecting("`never` or `always`"),
    });
    this.OR2([{ ALT: () => this.SUBRULE(this.permitted) }, { ALT: () => this.SUBRULE(this.shown) }]);
    this.SUBRULE(this.clauses);
    this.OPTION(() => {
      this.CONSUME(words.except);
      this.SUBRULE(this.names);
    });
    return this.later("assert", keyword, []);
  });

  private readonly permitted = this.RULE("permitted", (): void => {
    this.CONSUME(words.permit);
    this.SUBRULE(this.reach);
  });

  private readonly shown = this.RULE("shown", (): void => {
    this.CONSUME(words.show);
    this.CONSUME(Type, expecting("an entity after `show`"));
    this.CONSUME(Dot);
    this.CONSUME(AnyWord);
    this.CONSUME(words.to);
    this.SUBRULE(this.who);
  });

  protected later(
    keyword: LaterStatement["keyword"],
    token: IToken,
    parts: readonly LaterPart[],
  ): Bare<LaterStatement> {
    return { kind: "later", keyword, keywordSpan: this.spanOf(token), parts };
  }

  protected partFrom(kind: LaterPart["kind"], first: IToken): LaterPart {
    return { kind, span: this.spanFrom(first) };
  }
}
