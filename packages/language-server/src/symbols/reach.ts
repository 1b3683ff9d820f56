/** The names of WHO, ACTIONS and TYPES, and the types that they reach. */
import type { Name, Reach, Who } from "@wardline/compiler";
import { roleKeys, typeKeys, type Place } from "./conditions.ts";
import { typesOfAction, typesOfRole } from "./model-names.ts";

export type Base = Pick<Place, "model" | "layer" | "collector">;

export interface Reached {
  readonly principals: ReadonlySet<string>;
  readonly entities: ReadonlySet<string>;
}

export function visitReach(base: Base, reach: Reach): Reached {
  const { model, collector, layer } = base;
  const principals = visitWho(base, reach.who);
  let entities: readonly string[] = [...model.entities.keys()];
  if (reach.actions.kind === "names") {
    const { names } = reach.actions;
    for (const name of names) collector.refer(name, actionKeys(base, name));
    // What is said of `read` binds every action that reads.
    if (reach.types.kind === "anything" && !names.some(({ text }) => text === "read"))
      entities = names.flatMap(({ text }) => typesOfAction(model, text));
  }
  if (reach.types.kind === "names") {
    for (const name of reach.types.names) collector.refer(name, typeKeys(model, name));
    entities = reach.types.names.map(({ text }) => text).filter((type) => model.entities.has(type));
  }
  if (reach.touching !== null) {
    const { kind, name } = reach.touching;
    if (kind === "class") {
      collector.mention(name, "class", `class ${name.text}`);
      entities = entities.filter((type) =>
        [...(model.fields.get(type)?.values() ?? [])].some((field) =>
          field.classes.some(({ text }) => text === name.text),
        ),
      );
    } else if (layer.parameters.has(name.text))
      collector.refer(name, [`parameter ${layer.name}/${name.text}`]);
  }
  return { principals, entities: new Set(entities) };
}

export function visitWho(base: Base, who: Who): ReadonlySet<string> {
  const { model, collector, layer } = base;
  const names = who.kind === "anyone" ? who.except : who.names;
  for (const name of names)
    collector.refer(
      name,
      model.principals.has(name.text) ? typeKeys(model, name) : roleKeys(base, name.text),
    );
  if (who.kind === "anyone") {
    const left = [...model.principals].filter((type) => !names.some(({ text }) => text === type));
    return new Set(left);
  }
  return new Set(
    names.flatMap(({ text }) =>
      model.principals.has(text) ? [text] : typesOfRole(model, layer.roles, text),
    ),
  );
}

export function actionKeys({ model }: Pick<Base, "model">, { text }: Name): readonly string[] {
  if (model.groups.has(text)) return [`group ${text}`];
  return model.actions.has(text) ? [`action ${text}`] : [];
}
