/** WHO to ACTIONS TYPES: the combinations that a rule reaches, each with the question who asks. */
import type { ActionModel, Finding } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { Reach, Who } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { always, any, never, not, type Formula } from "./formula.ts";
import { askRoles } from "./role.ts";
import type { Setting, Use } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";
import { classesOf, type EntitySymbol } from "./symbols.ts";
import { unknownClass } from "./unknown-class.ts";

export interface Reached {
  readonly principal: EntitySymbol;
  readonly action: ActionModel;
  readonly entity: EntitySymbol;
  readonly who: Formula;
  /** The name in ACTIONS that brought it here; null for `act on` and for what a `read` spreads to. */
  readonly by: Name | null;
}

/** The action that a forbid or a require spreads from: it binds every other action that reads. */
export const readAction = "read";

/** All combinations in model order. `spreads`: what is said of `read` binds every action that reads. */
export function resolveReach(setting: Setting, use: Use, reach: Reach, spreads: boolean): readonly Reached[] {
  const { model } = setting;
  const people = resolveWho(setting, use, reach.who);
  const targets = resolveTargets(setting, reach, spreads);
  const reached: Reached[] = [];
  for (const principal of model.principals) {
    const who = people.get(principal.name);
    if (who === undefined) continue;
    for (const action of model.actions.values()) {
      const onAction = targets.get(action.name);
      if (onAction === undefined) continue;
      for (const name of action.entities) {
        const by = onAction.get(name);
        if (by === undefined) continue;
        const entity = model.entities.get(name);
        if (entity !== undefined) reached.push({ principal, action, entity, who, by });
      }
    }
  }
  return reached;
}

/** Principal type → whether a principal of it is meant. Types that are not reached are left out. */
function resolveWho(setting: Setting, use: Use, who: Who): ReadonlyMap<string, Formula> {
  const { model, report } = setting;
  const names = who.kind === "anyone" ? who.except : who.names;
  const known = names.filter((name) => isKnown(setting, name));
  const people = new Map<string, Formula>();
  for (const { name } of model.principals) {
    const whole = known.some((other) => other.text === name);
    const roles = known.filter((other) => setting.roles.get(other.text)?.types.has(name) === true);
    const named = whole ? always : roles.length > 0 ? any([askRoles(setting, use, roles, name)]) : never;
    const meant = who.kind === "anyone" ? not(named) : named;
    if (meant.kind !== "constant" || meant.value) people.set(name, meant);
  }
  if (people.size === 0 && known.length === names.length) report.add(finding("reach/nobody", who.span, {}));
  return people;
}

function isKnown({ model, roles, report }: Setting, name: Name): boolean {
  if (roles.has(name.text)) return true;
  const entity = model.entities.get(name.text);
  if (entity?.model.kind === "principal") return true;
  const principals = model.principals.map((principal) => principal.name);
  if (entity !== undefined) {
    const help = `principal types: ${principals.join(", ")}`;
    report.add(finding("type/not-principal", name.span, { name: name.text, help }));
    return false;
  }
  const lower = name.text.toLowerCase();
  if (everybody.has(lower)) report.add(otherWord("role", name, "anyone"));
  else if (/^[A-Z]/.test(name.text) && !roles.has(lower))
    report.add(unknownName("principal type", name, principals));
  else report.add(unknownName("role", name, roles.keys()));
  return false;
}

/** What other languages call all people, and all actions. */
const everybody: ReadonlySet<string> = new Set(["all", "any", "everyone", "everybody", "anybody", "public"]);
const everything: ReadonlySet<string> = new Set(["all", "any", "everything", "do", "access"]);

function otherWord(kind: string, { text, span }: Name, word: string): Finding {
  return finding(
    "name/unknown",
    span,
    { kind, name: text },
    { label: `did you mean \`${word}\`?`, fixes: [replaceFix(span, word)] },
  );
}

/** Action → entity → the name that brought it. */
type Targets = ReadonlyMap<string, ReadonlyMap<string, Name | null>>;

function resolveTargets(setting: Setting, reach: Reach, spreads: boolean): Targets {
  const { model, report } = setting;
  const types = entitiesOf(setting, reach);
  const targets = new Map<string, Map<string, Name | null>>();
  const target = (action: ActionModel, entity: string, by: Name | null) => {
    const onAction = targets.get(action.name) ?? new Map<string, Name | null>();
    targets.set(action.name, onAction);
    if (!onAction.has(entity)) onAction.set(entity, by);
  };
  const met = new Set<string>();
  const take = (action: ActionModel, by: Name | null) => {
    const on = action.entities.filter((entity) => types.has(entity));
    for (const entity of on) {
      met.add(entity);
      target(action, entity, by);
    }
    return on.length > 0;
  };
  let complete = true;
  if (reach.actions.kind === "act_on") for (const action of model.actions.values()) take(action, null);
  else
    for (const name of reach.actions.names) {
      const members = model.groups.get(name.text) ?? (model.actions.has(name.text) ? [name.text] : null);
      if (members === null) {
        report.add(
          everything.has(name.text) && reach.actions.names.length === 1
            ? otherWord("action", name, "act on")
            : unknownName("action", name, [...model.actions.keys(), ...model.groups.keys()]),
        );
        complete = false;
        continue;
      }
      const taken = members.map((member) => {
        const action = model.actions.get(member);
        return action !== undefined && take(action, name);
      });
      if (taken.includes(true) || types.size === 0) continue;
      report.add(
        finding("reach/no-action", name.span, { action: name.text, types: listTypes(reach, types) }),
      );
      complete = false;
    }
  if (reach.types.kind === "names" && complete)
    for (const name of reach.types.names)
      if (types.has(name.text) && !met.has(name.text)) {
        const action =
          reach.actions.kind === "names" ? reach.actions.names.map((n) => n.text).join("`, `") : "act on";
        report.add(finding("reach/no-action", name.span, { action, types: `\`${name.text}\`` }));
      }
  const { actions } = reach;
  const isRead = (name: string) =>
    name === readAction || model.groups.get(name)?.includes(readAction) === true;
  if (spreads && (actions.kind === "act_on" || actions.names.some((name) => isRead(name.text))))
    for (const action of model.actions.values()) {
      if (action.kind !== "reads") continue;
      // Also of types that themselves have no `read`: what may not be read there may not be listed.
      for (const entity of action.entities) if (types.has(entity)) target(action, entity, null);
    }
  return targets;
}

function listTypes(reach: Reach, types: ReadonlySet<string>): string {
  return reach.types.kind === "anything" ? "anything" : [...types].map((type) => `\`${type}\``).join(", ");
}

/** The types that are named; with `touching` those of them that have a field of the class. */
function entitiesOf(setting: Setting, reach: Reach): ReadonlySet<string> {
  const { model, report } = setting;
  const named =
    reach.types.kind === "anything"
      ? [...model.entities.keys()]
      : reach.types.names.flatMap((name) => {
          if (model.entities.has(name.text)) return [name.text];
          report.add(unknownName("entity", name, model.entities.keys()));
          return [];
        });
  const touched = touchedBy(setting, reach);
  if (touched === null) return new Set(named);
  const types = named.filter((name) => touched.has(name));
  if (types.length === 0 && named.length > 0 && reach.touching !== null && touched.size > 0) {
    const { name } = reach.touching;
    report.add(finding("reach/untouched", name.span, { class: name.text }));
  }
  return new Set(types);
}

/** The types with a field of the class after `touching`, or null without one. A class that nothing carries is reported. */
function touchedBy({ model, report }: Setting, { touching }: Reach): ReadonlySet<string> | null {
  if (touching === null) return null;
  const { kind, name } = touching;
  if (kind === "name") {
    const isClass = classesOf(model).has(name.text);
    const fixes = isClass ? [replaceFix(name.span, `#${name.text}`)] : [];
    report.add(finding("reach/no-class", name.span, { name: name.text }, { fixes }));
    return new Set();
  }
  if (!classesOf(model).has(name.text)) report.add(unknownClass(model, name));
  const entities = [...model.entities.values()];
  return new Set(
    entities
      .filter((entity) => entity.model.fields.some((field) => field.classes.includes(name.text)))
      .map((entity) => entity.name),
  );
}
