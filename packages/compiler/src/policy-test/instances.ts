/** What a test's `let`s and instances stand for: values of the types that the model declares, in wire form. */
import {
  formatType,
  isText,
  isWireScalar,
  maxInt,
  type ScalarType,
  type Span,
  type ValueType,
  type WireScalar,
  type WireValue,
} from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { Datum, DatumEntry, Instance, Subject } from "../ast/statement.ts";
import { declare } from "../check/declare.ts";
import { literalValue } from "../check/literal-value.ts";
import type { Report } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";
import type { EntitySymbol, FactSymbol, Model, RoleSymbol } from "../check/symbols.ts";
import { finding } from "../diagnostics/table.ts";
import { unquote } from "../parse/literals.ts";
import { Bindings } from "./bindings.ts";
import { instanceKey, type TestInstance } from "./checked-test.ts";
import { inOneColumn, type Links } from "./one-column.ts";

/** What tests of one file are checked against. */
export interface TestSetting {
  readonly model: Model;
  readonly roles: ReadonlyMap<string, RoleSymbol>;
  readonly report: Report;
}

interface Said {
  readonly roles: readonly string[] | undefined;
  readonly parents: TestInstance["parents"] | undefined;
  readonly tenant: string | null | undefined;
  readonly attributes: ReadonlyMap<string, WireValue>;
}

/** The names and instances of one test. */
export class Instances {
  readonly #setting: TestSetting;
  readonly #bindings: Bindings;
  readonly #made = new Map<Instance, TestInstance | null>();
  readonly #byKey = new Map<string, TestInstance>();
  readonly #open = new Set<Instance>();
  #next = 1;

  constructor(setting: TestSetting, bindings: ReadonlyMap<string, Datum>) {
    this.#setting = setting;
    this.#bindings = new Bindings(setting.report, bindings);
  }

  /** Names that were used: a binding that no expectation uses is reported. */
  get used(): ReadonlySet<string> {
    return this.#bindings.used;
  }

  get all(): ReadonlyMap<string, TestInstance> {
    return this.#byKey;
  }

  /** Who or what a subject is, or null if it was reported. */
  subject(subject: Subject): TestInstance | null {
    const [datum, label] = this.#bindings.resolve(subject);
    if (datum === null) return null;
    if (datum.kind === "instance") return this.#instance(datum, label);
    this.#setting.report.add(finding("test/subject", subject.span, { what: label ?? "this" }, {}));
    return null;
  }

  /** The rows of a list. */
  rows(data: readonly Datum[]): readonly TestInstance[] {
    return data.flatMap((datum) => {
      const [meant, label] = this.#bindings.resolve(datum);
      if (meant === null) return [];
      if (meant.kind === "data") return this.rows(meant.of);
      if (meant.kind === "instance") return this.#instance(meant, label) ?? [];
      this.#setting.report.add(finding("test/subject", datum.span, { what: "this" }, {}));
      return [];
    });
  }

  /** A row as an update makes it: what the entries say, and the rest as it is. */
  changed(row: TestInstance, entries: readonly DatumEntry[]): TestInstance | null {
    const symbol = this.#setting.model.entities.get(row.entity);
    if (symbol === undefined) return null;
    const said = this.#said(entries, symbol);
    return {
      ...row,
      label: `${row.label} as it would be`,
      tenant: said.tenant ?? row.tenant,
      ...this.#links(entries, symbol, said, row),
    };
  }

  /** Facts of the context or the tenant. */
  facts(values: readonly DatumEntry[], of: "context" | "tenant"): ReadonlyMap<string, WireValue> {
    const { model, report } = this.#setting;
    const known: ReadonlyMap<string, FactSymbol> = model[of];
    const facts = new Map<string, WireValue>();
    const seen = new Map<string, Span>();
    for (const { key, value } of values) {
      const fact = known.get(key.text);
      if (fact === undefined) report.add(unknownName(`${of} fact`, key, known.keys()));
      else if (declare(report, seen, `${of} fact`, key)) this.#put(facts, key, fact.type, value);
    }
    return facts;
  }

  #instance(instance: Instance, label: string | null): TestInstance | null {
    const known = this.#made.get(instance);
    if (known !== undefined) return known;
    const { model, report } = this.#setting;
    const symbol = model.entities.get(instance.entity.text);
    if (symbol === undefined) {
      report.add(unknownName("entity", instance.entity, model.entities.keys()));
      this.#made.set(instance, null);
      return null;
    }
    if (this.#open.has(instance)) {
      report.add(finding("test/circular", instance.span, { name: instance.entity.text }));
      return null;
    }
    this.#open.add(instance);
    const id = instance.id ?? this.#freshId();
    const made = this.#fill(instance, symbol, id, label ?? labelOf(instance));
    this.#open.delete(instance);
    this.#made.set(instance, made);
    this.#register(made, instance);
    return made;
  }

  /** What is said of one thing in two places is put together. */
  #register(made: TestInstance, instance: Instance): void {
    const key = instanceKey(made.entity, made.id);
    const before = this.#byKey.get(key);
    if (before === undefined) {
      this.#byKey.set(key, made);
      return;
    }
    const isBare = instance.fields.length === 0;
    const wasBare = before.attributes.size === 0 && before.parents.length === 0 && before.roles.length === 0;
    if (wasBare) this.#byKey.set(key, made);
    else if (!isBare)
      this.#setting.report.add(
        finding("name/duplicate", instance.span, { kind: "instance", name: `${made.entity} "${made.id}"` }),
      );
  }

  #freshId(): string {
    for (;;) {
      // A UUID, as stored rows have them; principals may be called anything.
      const id = `00000000-0000-4000-8000-${String(this.#next++).padStart(12, "0")}`;
      if (![...this.#byKey.values()].some((other) => other.id === id)) return id;
    }
  }

  #fill(instance: Instance, symbol: EntitySymbol, id: string, label: string): TestInstance {
    if (!isText(id))
      this.#setting.report.add(
        finding("test/value", instance.span, { name: "the id", type: "a text", found: "this" }),
      );
    const said = this.#said(instance.fields, symbol);
    const { tenant = null, roles = [] } = said;
    return { entity: symbol.name, id, label, tenant, roles, ...this.#links(instance.fields, symbol, said) };
  }

  /** What stands in the braces of something; undefined for what they do not say. */
  #said(entries: readonly DatumEntry[], symbol: EntitySymbol): Said {
    const { report } = this.#setting;
    const isPrincipal = symbol.model.kind === "principal";
    let roles: Said["roles"];
    let parents: Said["parents"];
    let tenant: Said["tenant"];
    const attributes = new Map<string, WireValue>();
    const seen = new Map<string, Span>();
    for (const { key, value } of entries) {
      if (!declare(report, seen, "attribute", key)) continue;
      const field = symbol.fields.get(key.text)?.model;
      if (field !== undefined) this.#put(attributes, key, field.type, value);
      else if (key.text === "roles" && isPrincipal) roles = this.#roles(value, symbol);
      else if (key.text === "in" && symbol.above.size > 0) parents = this.#parents(value, symbol);
      else if (key.text === "tenant") tenant = this.#tenant(key, value);
      else {
        const special = [
          ...(isPrincipal ? ["roles"] : []),
          ...(symbol.above.size > 0 ? ["in"] : []),
          "tenant",
        ];
        report.add(unknownName("attribute", key, [...symbol.fields.keys(), ...special]));
      }
    }
    return { roles, parents, tenant, attributes };
  }

  #links(entries: readonly DatumEntry[], symbol: EntitySymbol, said: Said, before?: Links): Links {
    const links = inOneColumn(symbol.model, said, before);
    if (!("field" in links)) return links;
    const at = entries.find(({ key }) => key.text === "in")?.value.span;
    const type = `one ${links.entity}, the same as \`${links.field}\``;
    if (at !== undefined)
      this.#setting.report.add(finding("test/value", at, { name: "in", type, found: "this" }));
    return { attributes: said.attributes, parents: said.parents ?? [] };
  }

  #tenant(key: Name, value: Datum): string | null {
    if (value.kind === "literal" && value.type === "string") return unquote(value.text);
    this.#misfit(key, { kind: "string" }, value.span);
    return null;
  }

  #roles(value: Datum, symbol: EntitySymbol): readonly string[] {
    const { roles, report } = this.#setting;
    return listOf(value).flatMap((datum) => {
      if (datum.kind !== "name") {
        report.add(
          finding("test/value", datum.span, { name: "roles", type: "a list of roles", found: "this" }),
        );
        return [];
      }
      const role = roles.get(datum.name.text);
      const holdable = [...roles.values()].filter((r) => r.types.has(symbol.name)).map((r) => r.name);
      if (role?.types.has(symbol.name) === true) return [role.name];
      if (role === undefined) report.add(unknownName("role", datum.name, holdable));
      else
        report.add(
          finding("test/value", datum.span, {
            name: "roles",
            type: `roles that a ${symbol.name} can hold`,
            found: `\`${role.name}\``,
          }),
        );
      return [];
    });
  }

  #parents(value: Datum, symbol: EntitySymbol): TestInstance["parents"] {
    const { report } = this.#setting;
    const direct = new Set(symbol.model.parents.map((parent) => parent.entity));
    return listOf(value).flatMap((datum) => {
      const [meant, label] = this.#bindings.resolve(datum);
      if (meant === null) return [];
      if (meant.kind === "data") return this.#parents(meant, symbol);
      const parent = meant.kind === "instance" ? this.#instance(meant, label) : null;
      if (parent !== null && direct.has(parent.entity)) return [{ entity: parent.entity, id: parent.id }];
      if (parent !== null || meant.kind !== "instance")
        report.add(
          finding("test/value", datum.span, {
            name: "in",
            type: `what a ${symbol.name} stands in (${[...direct].join(", ")})`,
            found: parent === null ? "this" : `a ${parent.entity}`,
          }),
        );
      return [];
    });
  }

  #put(facts: Map<string, WireValue>, key: Name, type: ValueType, datum: Datum): void {
    if (type.kind !== "set") {
      const value = this.#scalar(key, type, datum);
      if (value !== undefined) facts.set(key.text, value);
      return;
    }
    const bound = this.#bindings.bound(datum);
    if (bound.kind !== "data") {
      this.#misfit(key, type, datum.span);
      return;
    }
    facts.set(
      key.text,
      bound.of.flatMap((item) => this.#scalar(key, type.of, item) ?? []),
    );
  }

  /** A value in wire form, or undefined if it was reported. */
  #scalar(key: Name, type: ScalarType, datum: Datum): WireScalar | undefined {
    if (type.kind === "enum" && datum.kind === "name" && type.values.includes(datum.name.text))
      return datum.name.text;
    if (datum.kind === "name" && !this.#bindings.has(datum.name.text)) {
      const { report } = this.#setting;
      if (type.kind === "enum") report.add(unknownName(`value of ${type.name}`, datum.name, type.values));
      else report.add(unknownName("name", datum.name, this.#bindings.names));
      return undefined;
    }
    const [meant, label] = this.#bindings.resolve(datum);
    if (meant === null) return undefined;
    if (meant.kind === "instance") {
      const instance = this.#instance(meant, label);
      if (instance === null) return undefined;
      if (type.kind === "entity" && type.entity === instance.entity) return instance.id;
    } else if (meant.kind === "literal") {
      const value = literalValue(meant.type, meant.text, type);
      if (value !== undefined && isWireScalar(value, type)) return value;
    }
    this.#misfit(key, type, datum.span);
    return undefined;
  }

  #misfit(key: Name, type: ValueType, span: Span): void {
    this.#setting.report.add(
      finding("test/value", span, { name: key.text, type: describe(type), found: "this" }),
    );
  }
}

function listOf(value: Datum): readonly Datum[] {
  return value.kind === "data" ? value.of : [value];
}

function labelOf(instance: Instance): string {
  return instance.id === null ? `the ${instance.entity.text}` : `${instance.entity.text} "${instance.id}"`;
}

function describe(type: ValueType): string {
  if (type.kind === "int" && type.min === -maxInt && type.max === maxInt) return "Int";
  return formatType(type);
}
