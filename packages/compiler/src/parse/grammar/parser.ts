/** The whole grammar: headers and statements. LL(2); grammar/wardline.ebnf says the same. */
import type { Annotation, Header, Statement } from "../../ast/statement.ts";
import { unquote } from "../literals.ts";
import { At, CloseRound, Name, OpenRound, Text, words } from "../tokens.ts";
import { expecting } from "./base.ts";
import { ModelRules } from "./model.ts";
import type { Bare } from "./rules.ts";

export class WardParser extends ModelRules {
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  readonly header = this.RULE("header", (): Header => {
    const first = this.LA(1);
    const header = this.OR([
      {
        ALT: () => {
          this.CONSUME(words.model);
          const name = this.CONSUME1(Name, expecting("the model's name after `model`"));
          return { kind: "model" as const, name: this.nameOf(name) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(words.platform);
          this.CONSUME1(words.for, expecting("`for` and the model's name after `platform`"));
          const model = this.CONSUME2(Name, expecting("the model's name after `for`"));
          return { kind: "platform" as const, model: this.nameOf(model) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(words.pack);
          const name = this.CONSUME3(Name, expecting("the pack's name after `pack`"));
          return { kind: "pack" as const, name: this.nameOf(name), version: this.SUBRULE(this.version) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(words.policy);
          const tenant = this.CONSUME4(Name, expecting("the tenant's name after `policy`"));
          this.CONSUME2(words.for, expecting("`for` and the model's name after the tenant"));
          const model = this.CONSUME5(Name, expecting("the model's name after `for`"));
          return { kind: "policy" as const, tenant: this.nameOf(tenant), model: this.nameOf(model) };
        },
      },
    ]);
    return this.ACTION(() => ({ ...header, span: this.spanFrom(first) }));
  });

  readonly statement = this.RULE("statement", (): Statement => {
    const first = this.LA(1);
    const annotations: Annotation[] = [];
    this.MANY(() => annotations.push(this.SUBRULE(this.annotation)));
    const keyword = this.LA(1);
    const bare: Bare<Statement> = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.rule) },
        { ALT: () => this.SUBRULE(this.require) },
        { ALT: () => this.SUBRULE(this.assert) },
        { ALT: () => this.SUBRULE(this.role) },
        { ALT: () => this.SUBRULE(this.let) },
        { ALT: () => this.SUBRULE(this.settings) },
        { ALT: () => this.SUBRULE(this.use) },
        { ALT: () => this.SUBRULE(this.test) },
        { ALT: () => this.SUBRULE(this.parameter) },
        { ALT: () => this.SUBRULE(this.enum) },
        { ALT: () => this.SUBRULE(this.facts) },
        { ALT: () => this.SUBRULE(this.entity) },
        { ALT: () => this.SUBRULE(this.delegate) },
        { ALT: () => this.SUBRULE(this.evidence) },
        { ALT: () => this.SUBRULE(this.relation) },
        { ALT: () => this.SUBRULE(this.action) },
        { ALT: () => this.SUBRULE(this.group) },
      ],
      ...expecting("a statement after the annotation"),
    });
    return this.ACTION(() => ({
      ...bare,
      doc: this.docOf(first, keyword),
      annotations,
      span: this.spanFrom(first),
    }));
  });

  /** `@control("…")` */
  private readonly annotation = this.RULE("annotation", (): Annotation => {
    const at = this.CONSUME(At);
    const name = this.CONSUME(Name, expecting("the annotation's name after `@`"));
    const text = this.OPTION(() => {
      this.CONSUME(OpenRound);
      const string = this.CONSUME(Text, expecting("a string after `(`"));
      this.CONSUME(CloseRound, expecting("`)` after the string"));
      return this.ACTION(() => unquote(string.image));
    });
    return this.ACTION(() => ({ name: this.nameOf(name), text: text ?? null, span: this.spanFrom(at) }));
  });
}

let parser: WardParser | undefined;

/** The one parser: building it analyses the grammar, which takes some milliseconds. */
export const theParser = (): WardParser => (parser ??= new WardParser());
