/** The names of a test: its bindings, what instances say, what is given and expected. */
import type { Datum, DatumEntry, Given, Expect, Name, Subject, TestStatement } from "@wardline/compiler";
import { roleKeys, typeKeys } from "./conditions.ts";
import { meantBy } from "./model-names.ts";
import { actionKeys, type Base } from "./reach.ts";
import { nothing, type Meant } from "./symbol.ts";
import { visitTerms } from "./terms.ts";

interface InTest extends Base {
  readonly key: (name: string) => string;
  readonly bound: ReadonlyMap<string, Datum>;
}

export function visitTest(base: Base, { parts, span, titleSpan }: TestStatement): void {
  const bound = new Map(
    parts.flatMap((part) => (part.kind === "let" ? [[part.name.text, part.value] as const] : [])),
  );
  const key = (name: string) => `binding ${span.file}@${titleSpan.start}/${name}`;
  const test: InTest = { ...base, key, bound };
  for (const part of parts) {
    if (part.kind === "let") {
      base.collector.declare(part.name, { kind: "binding", key: key(part.name.text), whole: part.span });
      visitDatum(test, part.value, nothing);
    } else if (part.kind === "given") visitGiven(test, part.given);
    else visitExpect(test, part.expect);
  }
}

function visitGiven(test: InTest, given: Given): void {
  const { model, collector } = test;
  switch (given.kind) {
    case "facts":
      for (const { key, value } of given.values) {
        const fact = model.facts[given.of].get(key.text);
        if (fact !== undefined) collector.refer(key, [`${given.of}_fact ${key.text}`]);
        visitDatum(test, value, fact === undefined ? nothing : meantBy(model, fact));
      }
      return;
    case "relation":
      if (model.relations.has(given.name.text)) collector.refer(given.name, [`relation ${given.name.text}`]);
      for (const subject of [given.from, given.to]) visitDatum(test, subject, nothing);
      return;
    case "now":
  }
}

function visitExpect(test: InTest, expect: Expect): void {
  const { collector, layer, model } = test;
  visitDatum(test, expect.principal, nothing);
  collector.refer(expect.action, actionKeys(test, expect.action));
  if (expect.kind === "list") {
    collector.refer(expect.entity, typeKeys(model, expect.entity));
    for (const datum of [...expect.over, ...expect.gives]) visitDatum(test, datum, nothing);
    return;
  }
  visitDatum(test, expect.resource, nothing);
  const entity = entityOf(test, expect.resource);
  if (entity !== null) visitEntries(test, entity, expect.becomes ?? []);
  for (const name of expect.by ?? []) collector.refer(name, layer.rules(name.text));
  visitTerms(test, expect.with ?? [], new Set(entity === null ? [] : [entity]));
}

function entityOf({ bound }: InTest, subject: Subject): string | null {
  let datum: Datum | undefined = subject;
  for (let steps = 0; datum?.kind === "name" && steps < 16; steps += 1) datum = bound.get(datum.name.text);
  return datum?.kind === "instance" ? datum.entity.text : null;
}

function visitDatum(test: InTest, datum: Datum, wanted: Meant): void {
  switch (datum.kind) {
    case "name":
      visitName(test, datum.name, wanted);
      return;
    case "instance":
      test.collector.refer(datum.entity, typeKeys(test.model, datum.entity));
      visitEntries(test, datum.entity.text, datum.fields);
      return;
    case "data":
      for (const one of datum.of) visitDatum(test, one, wanted);
      return;
    case "literal":
  }
}

function visitName(test: InTest, name: Name, wanted: Meant): void {
  const { collector, model } = test;
  if (wanted.roles) return collector.refer(name, roleKeys(test, name.text));
  const values = [...wanted.enums].filter(
    (one) => model.enums.get(one)?.values.some(({ text }) => text === name.text) === true,
  );
  if (values.length > 0)
    return collector.refer(
      name,
      values.map((one) => `value ${one}.${name.text}`),
    );
  if (test.bound.has(name.text)) collector.refer(name, [test.key(name.text)]);
}

function visitEntries(test: InTest, entity: string, entries: readonly DatumEntry[]): void {
  const { collector, model } = test;
  for (const { key, value } of entries) {
    const field = model.fields.get(entity)?.get(key.text);
    if (field !== undefined) {
      collector.refer(key, [`field ${entity}.${key.text}`]);
      visitDatum(test, value, meantBy(model, field));
    } else visitDatum(test, value, key.text === "roles" ? { ...nothing, roles: true } : nothing);
  }
}
