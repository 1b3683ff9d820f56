/** What rules of a project say of a symbol: who is granted an action or a type, what masks a field, who has a role. */
import type { RequireStatement, RuleStatement, Term } from "@wardline/compiler";
import { termText } from "../complete/names.ts";
import { typesOfAction, typesOfRole } from "../symbols/model-names.ts";
import type { ProjectSymbol } from "../symbols/symbol.ts";
import type { SymbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

interface Written {
  readonly layer: string;
  readonly statement: RuleStatement | RequireStatement;
  /** What stands for the parameters of a pack where it is used. */
  readonly given: ReadonlyMap<string, string>;
}

/** Each rule once, though a pack is used in several files. */
export function rulesAbout(snapshot: Snapshot, index: SymbolIndex, symbol: ProjectSymbol): readonly string[] {
  return [...new Set(linesAbout(snapshot, index, symbol))];
}

function linesAbout(snapshot: Snapshot, index: SymbolIndex, symbol: ProjectSymbol): readonly string[] {
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
        ...written(snapshot).flatMap((rule) => asRole(snapshot, index, rule, symbol)),
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
    const rules = (parsed?.ast.statements ?? []).filter((statement) => "reach" in statement);
    const uses = header?.kind === "pack" ? usesOf(snapshot, header.name.text, header.version) : [];
    return (uses.length === 0 ? [new Map<string, string>()] : uses).flatMap((given) =>
      rules.map((statement) => ({ layer, statement, given })),
    );
  });
}

/** What is given to a pack, wherever it is used. */
function usesOf(snapshot: Snapshot, pack: string, version: string): readonly Written["given"][] {
  return snapshot.files.flatMap((file) =>
    (snapshot.parsed(file)?.ast.statements ?? []).flatMap((one) =>
      one.kind === "use" && one.name.text === pack && one.version === version
        ? [new Map(one.arguments.map(({ key, value }) => [key.text, termText(value)]))]
        : [],
    ),
  );
}

/** A rule that is for a role, or for one that it extends; a tenant's role counts in the tenant's own rules alone. */
function asRole(
  snapshot: Snapshot,
  { model }: SymbolIndex,
  rule: Written,
  { name, within }: ProjectSymbol,
): readonly string[] {
  if (within !== null && rule.layer !== within) return [];
  const { project } = snapshot;
  const file = project.tenants.get(rule.layer)?.name;
  const own = (file === undefined ? undefined : snapshot.parsed(file))?.ast.statements ?? [];
  const parents = new Map<string, readonly string[]>();
  for (const one of [...model.roles.values(), ...own])
    if (one.kind === "role" && one.modifier?.kind === "extends")
      for (const { text } of one.names)
        parents.set(
          text,
          one.modifier.names.map((parent) => parent.text),
        );
  const held = new Set([name]);
  // The set grows while it is gone through.
  for (const role of held) for (const parent of parents.get(role) ?? []) held.add(parent);
  return names(rule.statement, held) ? [ruleLine(rule)] : [];
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

function names({ reach }: RuleStatement | RequireStatement, roles: ReadonlySet<string>): boolean {
  if (reach === null) return false;
  const { who } = reach;
  return (who.kind === "anyone" ? who.except : who.names).some(({ text }) => roles.has(text));
}

function reaches(index: SymbolIndex, rule: Written, { kind, name }: ProjectSymbol): boolean {
  const { model } = index;
  const { reach, kind: of } = rule.statement;
  if (reach === null) return false;
  const { actions } = reach;
  if (kind !== "action") {
    if (reach.types.kind === "names") return isReached(index, rule, name);
    const onIt =
      actions.kind === "act_on" ||
      actions.names.some(({ text }) => typesOfAction(model, text).includes(name));
    return onIt && isReached(index, rule, name);
  }
  const types = typesOfAction(model, name);
  if (!types.some((type) => isReached(index, rule, type))) return false;
  if (actions.kind === "act_on") return true;
  // What is forbidden or asked for `read` binds every action that reads.
  const isRead =
    (of === "forbid" || of === "require") &&
    model.actions.get(name)?.some(({ effect }) => effect === "reads") === true;
  return actions.names.some(
    ({ text }) => text === name || model.groups.get(text)?.includes(name) || (isRead && text === "read"),
  );
}

function isReached({ model }: SymbolIndex, { statement: { reach }, given }: Written, type: string): boolean {
  if (reach === null) return true;
  const { types, touching } = reach;
  if (types.kind === "names" && !types.names.some(({ text }) => text === type)) return false;
  if (touching === null) return true;
  const meant = touching.kind === "class" ? `#${touching.name.text}` : given.get(touching.name.text);
  // Of a pack that nothing uses it is not known what it touches.
  if (meant === undefined) return true;
  const fields = [...(model.fields.get(type)?.values() ?? [])];
  return fields.some(({ classes }) => classes.some(({ text }) => `#${text}` === meant));
}

function effectsOn(index: SymbolIndex, rule: Written, { within, name }: ProjectSymbol): readonly string[] {
  const { statement, given } = rule;
  const { model } = index;
  if (!isReached(index, rule, within ?? "")) return [];
  const terms = [
    ...(statement.kind === "require" ? statement.terms : []),
    ...statement.clauses.flatMap((clause) => (clause.kind === "with" ? clause.terms : [])),
  ];
  const classes =
    model.fields
      .get(within ?? "")
      ?.get(name)
      ?.classes.map(({ text }) => `#${text}`) ?? [];
  const means = (term: Term | undefined) => {
    const text = term === undefined ? "" : termText(term);
    const meant = given.get(text) ?? text;
    return meant === name || classes.includes(meant);
  };
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
