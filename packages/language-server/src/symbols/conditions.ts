/** The names of a condition: steps of paths by the types that they are of, enum values and roles by what they are compared with. */
import type { Expression, Name, PathExpression } from "@wardline/compiler";
import type { Collector } from "./collector.ts";
import { noteUse, type Layer } from "./layer.ts";
import { meantBy, type ModelNames } from "./model-names.ts";
import { joined, nothing, type Meant } from "./symbol.ts";

export interface Place {
  readonly model: ModelNames;
  readonly layer: Layer;
  readonly collector: Collector;
  /** The types that the principal and the row may be of. */
  readonly principals: ReadonlySet<string>;
  readonly entities: ReadonlySet<string>;
  /** The let that this stands in, and what its parameters stand for. */
  readonly within: { readonly let: string; readonly parameters: ReadonlyMap<string, Meant> } | null;
}

type Path = PathExpression;

/** Visits an expression; `wanted` is what the other side is. Tells what it may be itself. */
export function visitExpression(place: Place, expression: Expression, wanted: Meant = nothing): Meant {
  switch (expression.kind) {
    case "and":
    case "or":
      for (const part of expression.of) visitExpression(place, part);
      return nothing;
    case "list":
      return joined(expression.of.map((part) => visitExpression(place, part, wanted)));
    case "not":
      visitExpression(place, expression.of);
      return nothing;
    case "has":
      visitExpression(place, expression.path);
      return nothing;
    case "fallback": {
      const meant = visitExpression(place, expression.path);
      visitExpression(place, expression.literal, meant);
      return meant;
    }
    case "compare": {
      const { left, right } = expression;
      const [known, open] = takesItsType(place, left) ? [right, left] : [left, right];
      const meant = visitExpression(place, known);
      const other = visitExpression(place, open, meant);
      noteWanted(place, known, other);
      noteWanted(place, open, meant);
      return nothing;
    }
    case "entity":
      place.collector.refer(expression.entity, typeKeys(place.model, expression.entity));
      return nothing;
    case "path":
      return visitPath(place, expression, wanted);
    case "now":
    case "literal":
    case "time_range":
      return nothing;
  }
}

/** A bare name, or a list of such, that is neither a parameter nor a let means what the other side says. */
function takesItsType(place: Place, expression: Expression): boolean {
  if (expression.kind === "list") return expression.of.every((part) => takesItsType(place, part));
  return (
    expression.kind === "path" && expression.root.kind === "name" && !isOwn(place, expression.root.name.text)
  );
}

function isOwn({ within, layer }: Place, name: string): boolean {
  return within?.parameters.has(name) === true || layer.lets.has(name) || layer.parameters.has(name);
}

/** What a let's parameter is compared with, it may be given. */
function noteWanted({ within, layer }: Place, expression: Expression, meant: Meant): void {
  if (within === null || expression.kind !== "path" || expression.root.kind !== "name") return;
  const index = [...within.parameters.keys()].indexOf(expression.root.name.text);
  if (index < 0 || expression.steps.length > 0) return;
  const wanted = layer.wanted.get(within.let) ?? [];
  layer.wanted.set(within.let, wanted);
  wanted[index] = joined([wanted[index] ?? nothing, meant]);
}

function visitPath(place: Place, path: Path, wanted: Meant): Meant {
  let steps = path.steps;
  let meant = nothing;
  if (path.root.kind === "class")
    place.collector.mention(path.root.name, "class", `class ${path.root.name.text}`);
  else if (path.root.kind === "name") meant = visitName(place, path, path.root.name, wanted);
  else {
    const { word } = path.root;
    const [first] = steps;
    if ((word === "tenant" || word === "context") && first !== undefined) {
      const fact = place.model.facts[word].get(first.name.text);
      if (fact !== undefined) {
        place.collector.refer(first.name, [`${word}_fact ${first.name.text}`]);
        meant = meantBy(place.model, fact);
      }
      steps = steps.slice(1);
    } else if (word === "principal") meant = { ...nothing, entities: place.principals };
    else if (word === "resource" || word === "prior" || word === "next")
      meant = { ...nothing, entities: place.entities };
  }
  for (const { name, args } of steps) {
    if (args === null) meant = visitStep(place, meant, name);
    else {
      for (const arg of args) {
        const given = visitExpression(place, arg, meant);
        noteWanted(place, arg, joined([meant, given]));
      }
      meant = nothing;
    }
  }
  return meant;
}

function visitStep(place: Place, from: Meant, name: Name): Meant {
  if (name.text === "roles" && [...from.entities].some((type) => place.model.principals.has(type)))
    return { ...nothing, roles: true };
  const keys: string[] = [];
  const types: Meant[] = [];
  for (const entity of from.entities) {
    const field = place.model.fields.get(entity)?.get(name.text);
    if (field === undefined) continue;
    keys.push(`field ${entity}.${name.text}`);
    types.push(meantBy(place.model, field));
  }
  place.collector.refer(name, keys);
  return joined(types);
}

function visitName(place: Place, path: Path, name: Name, wanted: Meant): Meant {
  const { model, layer, within, collector } = place;
  const { text } = name;
  const parameter = within?.parameters.get(text);
  if (parameter !== undefined && within !== null) {
    collector.refer(name, [`let_parameter ${layer.name}/${within.let}/${text}`]);
    return parameter;
  }
  if (layer.parameters.has(text)) {
    collector.refer(name, [`parameter ${layer.name}/${text}`]);
    return nothing;
  }
  if (layer.lets.has(text)) {
    collector.refer(name, [`let ${layer.name}/${text}`]);
    const expected = layer.wanted.get(text) ?? [];
    const args = (path.args ?? []).map((arg, index) => {
      const given = visitExpression(place, arg, expected[index] ?? nothing);
      noteWanted(place, arg, expected[index] ?? nothing);
      return given;
    });
    noteUse(layer, text, place.principals, place.entities, args);
    return nothing;
  }
  if (path.args !== null) {
    for (const arg of path.args) visitExpression(place, arg);
    if (model.relations.has(text)) collector.refer(name, [`relation ${text}`]);
    return nothing;
  }
  const values = valueKeys(model, text, wanted);
  if (values.length > 0 && !wanted.roles) collector.refer(name, values);
  else collector.refer(name, roleKeys(place, text));
  return wanted;
}

function valueKeys({ enums }: ModelNames, text: string, wanted: Meant): readonly string[] {
  const has = ([, statement]: readonly [string, { readonly values: readonly Name[] }]) =>
    statement.values.some((value) => value.text === text);
  const keys = [...enums].filter(has).map(([name]) => `value ${name}.${text}`);
  const expected = keys.filter((key) => [...wanted.enums].some((name) => key === `value ${name}.${text}`));
  return expected.length > 0 ? expected : keys;
}

export function roleKeys({ model, layer }: Pick<Place, "model" | "layer">, text: string): readonly string[] {
  if (layer.roles.has(text)) return [`role ${layer.name}/${text}`];
  return model.roles.has(text) ? [`role ${text}`] : [];
}

export function typeKeys({ entities }: ModelNames, { text }: Name): readonly string[] {
  const statement = entities.get(text);
  return statement === undefined ? [] : [`type ${text}`];
}
