/** What rules of a project say of a symbol: who is granted an action or a type, what masks a field, who has a role. */
import type { RequireStatement, RuleStatement, Term } from "@wardline/compiler";
import { typesOfAction, typesOfRole } from "../symbols/model-names.ts";
import type { ProjectSymbol } from "../symbols/symbol.ts";
import type { SymbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

interface Written {
  readonly layer: string;
  readonly statement: RuleStatement | RequireStatement;
}

export function rulesAbout(snapshot: Snapshot, index: SymbolIndex, symbol: ProjectSymbol): readonly string[] {
  switch (symbol.kind) {
    case "field":
      return written(snapshot).flatMap((rule) => effectsOn(index, rule, symbol));
    case "action":
    case "entity":
    case "principal":
      return written(snapshot)
        .filter((rule) => reaches(index, rule, symbol))
        .map(ruleLine);
    case "role":
      return [
        `for ${
          typesOfRole(index.model, new Map(), symbol.name)
            .map((type) => `\`${type}\``)
            .join(", ") || "its base role's types"
        }`,
        ...written(snapshot)
          .filter(({ statement }) => names(statement, symbol.name))
          .map(ruleLine),
      ];
    case "model":
    case "enum":
    case "value":
    case "tenant_fact":
    case "context_fact":
    case "group":
    case "relation":
    case "evidence":
    case "class":
    case "let":
    case "let_parameter":
    case "rule":
    case "assert":
    case "pack":
    case "parameter":
    case "tenant":
    case "binding":
    case "setting":
      return [];
  }
}

function written(snapshot: Snapshot): readonly Written[] {
  return snapshot.files.flatMap((file) => {
    const role = snapshot.roleOf(file);
    const parsed = snapshot.parsed(file);
    const { header } = parsed?.ast ?? { header: null };
    const layer =
      role?.kind === "policy" ? role.tenant : header?.kind === "pack" ? header.name.text : "platform";
    return (parsed?.ast.statements ?? []).flatMap((statement) =>
      "reach" in statement ? [{ layer, statement }] : [],
    );
  });
}

function ruleLine({ layer, statement: { kind, name, reach, clauses } }: Written): string {
  const conditions = clauses.some((clause) => clause.kind === "when" || clause.kind === "unless");
  const who = reach === null ? "" : ` for ${whoText(reach.who)}`;
  return `\`${kind} ${layer}/${name.text}\`${who}${conditions ? ", under conditions" : ""}`;
}

function whoText(who: NonNullable<RuleStatement["reach"]>["who"]): string {
  const list = (all: readonly { readonly text: string }[]) => all.map(({ text }) => `\`${text}\``).join(", ");
  if (who.kind === "names") return list(who.names);
  return who.except.length === 0 ? "anyone" : `anyone except ${list(who.except)}`;
}

function names({ reach }: RuleStatement | RequireStatement, role: string): boolean {
  if (reach === null) return false;
  const { who } = reach;
  return (who.kind === "anyone" ? who.except : who.names).some(({ text }) => text === role);
}

function reaches(
  { model }: SymbolIndex,
  { statement: { reach } }: Written,
  { kind, name }: ProjectSymbol,
): boolean {
  if (reach === null) return false;
  const { actions, types } = reach;
  if (kind === "action")
    return (
      actions.kind === "names" &&
      actions.names.some(({ text }) => text === name || model.groups.get(text)?.includes(name))
    );
  if (types.kind === "names") return types.names.some(({ text }) => text === name);
  return (
    actions.kind === "act_on" || actions.names.some(({ text }) => typesOfAction(model, text).includes(name))
  );
}

function effectsOn(
  { model }: SymbolIndex,
  rule: Written,
  { within, name }: ProjectSymbol,
): readonly string[] {
  const { statement } = rule;
  const { reach } = statement;
  const isReached =
    reach === null ||
    reach.types.kind === "anything" ||
    reach.types.names.some(({ text }) => text === within);
  if (!isReached) return [];
  const terms = [
    ...(statement.kind === "require" ? statement.terms : []),
    ...statement.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms : [])),
  ];
  const classes =
    model.fields
      .get(within ?? "")
      ?.get(name)
      ?.classes.map(({ text }) => text) ?? [];
  const means = (term: Term | undefined) =>
    (term?.kind === "call" && term.args.length === 0 && term.name.text === name) ||
    (term?.kind === "class" && classes.includes(term.name.text));
  return terms.flatMap((term) => {
    if (term.kind !== "call") return [];
    const { text } = term.name;
    const [first, second] = term.args;
    if ((text === "hide" || text === "encrypt") && term.args.some((arg) => means(arg.term)))
      return [`${text === "hide" ? "hidden" : "sealed"} by ${ruleLine(rule)}`];
    if (text === "mask" && means(first?.term) && second?.term.kind === "call")
      return [`shown as \`${second.term.name.text}\` by ${ruleLine(rule)}`];
    return [];
  });
}
