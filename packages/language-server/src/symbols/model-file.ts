/** The names of a model's statements. */
import type { EntityStatement, Field, Statement, TypeReference } from "@wardline/compiler";
import type { Collector } from "./collector.ts";
import { actionKeys } from "./reach.ts";
import { typeKeys } from "./conditions.ts";
import type { ModelNames } from "./model-names.ts";

interface Base {
  readonly model: ModelNames;
  readonly collector: Collector;
}

export function visitModelStatement(base: Base, statement: Statement): void {
  const { model, collector } = base;
  const { doc, span: whole } = statement;
  switch (statement.kind) {
    case "enum": {
      const { name, values } = statement;
      collector.declare(name, { kind: "enum", key: `enum ${name.text}`, whole, doc });
      for (const value of values)
        collector.declare(value, {
          kind: "value",
          key: `value ${name.text}.${value.text}`,
          within: name.text,
          whole,
        });
      return;
    }
    case "facts": {
      const { of, fields } = statement;
      for (const field of fields) {
        const { name } = field;
        const kind = `${of}_fact` as const;
        collector.declare(name, {
          kind,
          key: `${kind} ${name.text}`,
          within: of,
          whole: field.span,
          doc: field.doc,
        });
        visitField(base, field);
      }
      return;
    }
    case "entity":
    case "principal":
      visitEntity(base, statement);
      return;
    case "role":
      for (const name of statement.names)
        collector.declare(name, { kind: "role", key: `role ${name.text}`, whole, doc });
      if (statement.modifier?.kind === "extends")
        for (const name of statement.modifier.names) collector.refer(name, roleKey(model, name.text));
      if (statement.modifier?.kind === "for")
        for (const name of statement.modifier.types) collector.refer(name, typeKeys(model, name));
      return;
    case "delegate":
      for (const name of statement.names) collector.refer(name, roleKey(model, name.text));
      return;
    case "evidence": {
      const { name, facts } = statement;
      collector.declare(name, { kind: "evidence", key: `evidence ${name.text}`, whole, doc });
      for (const fact of facts) {
        const keys =
          fact.root === "context"
            ? model.facts.context.has(fact.name.text)
              ? [`context_fact ${fact.name.text}`]
              : []
            : [...model.principals]
                .filter((type) => model.fields.get(type)?.has(fact.name.text) === true)
                .map((type) => `field ${type}.${fact.name.text}`);
        collector.refer(fact.name, keys);
      }
      return;
    }
    case "relation": {
      const { name, from, to } = statement;
      collector.declare(name, { kind: "relation", key: `relation ${name.text}`, whole, doc });
      for (const type of [from, to]) collector.refer(type, typeKeys(model, type));
      return;
    }
    case "action":
      for (const name of statement.names)
        collector.declare(name, { kind: "action", key: `action ${name.text}`, whole, doc });
      for (const type of statement.entities) collector.refer(type, typeKeys(model, type));
      return;
    case "group":
      collector.declare(statement.name, { kind: "group", key: `group ${statement.name.text}`, whole, doc });
      for (const name of statement.members) collector.refer(name, actionKeys(base, name));
      return;
    case "permit":
    case "forbid":
    case "ceiling":
    case "floor":
    case "share":
    case "require":
    case "let":
    case "assert":
    case "settings":
    case "use":
    case "parameter":
    case "test":
  }
}

const roleKey = ({ roles }: ModelNames, name: string) => (roles.has(name) ? [`role ${name}`] : []);

function visitEntity(base: Base, statement: EntityStatement): void {
  const { collector, model } = base;
  const { name, kind, parents, fields, doc, span: whole } = statement;
  collector.declare(name, { kind, key: `type ${name.text}`, whole, doc });
  for (const parent of parents) collector.refer(parent.entity, typeKeys(model, parent.entity));
  for (const field of fields) {
    const key = `field ${name.text}.${field.name.text}`;
    collector.declare(field.name, {
      kind: "field",
      key,
      within: name.text,
      whole: field.span,
      doc: field.doc,
    });
    visitField(base, field);
  }
}

function visitField({ collector, model }: Base, { type, classes }: Field): void {
  visitType({ collector, model }, type);
  for (const name of classes) collector.mention(name, "class", `class ${name.text}`);
}

function visitType({ collector, model }: Base, { name, of }: TypeReference): void {
  for (const one of of === null ? [name] : [name, of])
    collector.refer(one, model.enums.has(one.text) ? [`enum ${one.text}`] : typeKeys(model, one));
}
