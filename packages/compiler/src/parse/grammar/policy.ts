/** What a policy holds beside its rules: roles, lets, settings, packs and their parameters, asserts. */
import type {
  AssertStatement,
  LetStatement,
  ParameterStatement,
  RoleStatement,
  SettingEntry,
  SettingsStatement,
  TermEntry,
  TermRecord,
  UseStatement,
} from "../../ast/statement.ts";
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

  protected readonly settings = this.RULE("settings", (): Bare<SettingsStatement> => {
    this.CONSUME(words.settings);
    const entries: SettingEntry[] = [];
    this.CONSUME(OpenBrace);
    this.MANY(() => {
      const key = this.CONSUME(AnyWord);
      this.CONSUME(Colon, expecting("`:` after the setting's name"));
      const value = this.OR({
        DEF: [{ ALT: () => this.SUBRULE(this.record) }, { ALT: () => this.SUBRULE(this.term) }],
        ...expecting("a value or `{` after `:`"),
      });
      this.ACTION(() => entries.push({ key: this.nameOf(key), value, span: this.spanFrom(key) }));
    });
    this.CONSUME(CloseBrace, expecting("another setting or `}`"));
    return { kind: "settings", entries };
  });

  /** `{ key: term, key: term }` */
  protected readonly record = this.RULE("record", (): TermRecord => {
    const open = this.CONSUME(OpenBrace);
    const entries: TermEntry[] = [];
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => {
        const key = this.CONSUME(AnyWord);
        this.CONSUME(Colon);
        const value = this.SUBRULE(this.term);
        this.ACTION(() => entries.push({ key: this.nameOf(key), value, span: this.spanFrom(key) }));
      },
    });
    this.CONSUME(CloseBrace, expecting("`,` or `}` after the value"));
    return this.ACTION(() => ({ kind: "record", entries, span: this.spanFrom(open) }));
  });

  protected readonly use = this.RULE("use", (): Bare<UseStatement> => {
    this.CONSUME(words.use);
    const name = this.CONSUME(Name, expecting("a pack's name after `use`"));
    const version = this.SUBRULE(this.version);
    const versionSpan = this.ACTION(() => this.spanOf(this.LA(0)));
    const entries: TermEntry[] = [];
    this.OPTION(() => {
      this.CONSUME(OpenBrace);
      this.MANY(() => {
        const key = this.CONSUME(AnyWord);
        this.CONSUME(Colon, expecting("`:` after the parameter's name"));
        const value = this.SUBRULE(this.term);
        this.ACTION(() => entries.push({ key: this.nameOf(key), value, span: this.spanFrom(key) }));
      });
      this.CONSUME(CloseBrace, expecting("another parameter (without a comma) or `}`"));
    });
    return { kind: "use", name: this.nameOf(name), version, versionSpan, arguments: entries };
  });

  protected readonly parameter = this.RULE("parameter", (): Bare<ParameterStatement> => {
    this.CONSUME(words.parameter);
    const name = this.CONSUME(Name, expecting("a name for the parameter"));
    this.CONSUME(Colon, expecting("`:` after the parameter's name"));
    const type = this.OR({
      DEF: [
        {
          ALT: () => {
            const word = this.CONSUME(words.class);
            return { kind: "class" as const, span: this.spanOf(word) };
          },
        },
        { ALT: () => this.SUBRULE(this.type) },
      ],
      ...expecting("`class` or a type after `:`"),
    });
    const value = this.OPTION(() => {
      this.CONSUME(Equal);
      return this.SUBRULE(this.term);
    });
    return { kind: "parameter", name: this.nameOf(name), type, default: value ?? null };
  });

  protected readonly assert = this.RULE("assert", (): Bare<AssertStatement> => {
    this.CONSUME(words.assert);
    const name = this.CONSUME(Name, expecting("a name for the assert"));
    this.CONSUME(Colon, expecting("`:` after the assert's name"));
    const quantifier = this.OR1({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(words.never);
            return "never" as const;
          },
        },
        {
          ALT: () => {
            this.CONSUME(words.always);
            return "always" as const;
          },
        },
      ],
      ...expecting("`never` or `always`"),
    });
    const claim = this.OR2([
      { ALT: () => this.SUBRULE(this.permitted) },
      { ALT: () => this.SUBRULE(this.shown) },
    ]);
    const clauses = this.SUBRULE(this.clauses);
    const except = this.OPTION(() => {
      this.CONSUME(words.except);
      return this.SUBRULE(this.names);
    });
    return { kind: "assert", name: this.nameOf(name), quantifier, claim, clauses, except: except ?? [] };
  });

  private readonly permitted = this.RULE("permitted", (): AssertStatement["claim"] => {
    const first = this.CONSUME(words.permit);
    const reach = this.SUBRULE(this.reach);
    return this.ACTION(() => ({ kind: "permit", reach, span: this.spanFrom(first) }));
  });

  private readonly shown = this.RULE("shown", (): AssertStatement["claim"] => {
    const first = this.CONSUME(words.show);
    const entity = this.CONSUME(Type, expecting("an entity after `show`"));
    this.CONSUME(Dot);
    const field = this.CONSUME(AnyWord);
    this.CONSUME(words.to);
    const to = this.SUBRULE(this.who);
    return this.ACTION(() => ({
      kind: "show",
      entity: this.nameOf(entity),
      field: this.nameOf(field),
      to,
      span: this.spanFrom(first),
    }));
  });
}
