/** A request in the words of the tests: to be read by people, asked again, or kept as a test. */
import {
  clockAt,
  findTable,
  sourceText,
  slotPath,
  valueAt,
  valueText,
  type EntityModel,
  type EntityPath,
  type Program,
  type RequestDocument,
  type Row,
  type ScalarType,
  type Slot,
  type SlotSource,
  type ValueType,
  type WireScalar,
} from "@wardline/core";
import { zoneOf } from "./test-request.ts";

export interface RequestWords {
  readonly principal: string;
  readonly action: string;
  /** The row, and after `to` what an update makes of it. */
  readonly resource: string;
  /** What follows `given`, each. */
  readonly given: readonly string[];
  /** What the words of tests cannot say, such as a limit that is exhausted; empty if they say it all. */
  readonly unsaid: readonly string[];
}

/** The facts that decide, in words. What a test takes for granted is left out: false, empty, absent. */
export function requestWords(program: Program, request: RequestDocument): RequestWords {
  const table = findTable(program, request.principal.type, request.action.name, request.resource.type);
  const slots = (table?.slots ?? []).map((id) => program.slots[id] as Slot);
  const rows = table?.passes.map((pass) => pass.row) ?? ["resource"];
  const [facts, changed] = ofOneRow(request, slots, rows);
  const asked: Asked = { program, request, slots: facts, unsaid: [] };
  const becomes = changeWords(
    { ...asked, slots: slots.filter((slot) => rootOf(slot.source) === "next") },
    changed,
  );
  const now = slots.some(({ source }) => source.from === "now" || source.from === "clock");
  return {
    principal: principalWords(asked),
    action: request.action.name,
    resource: `${rowWords(asked, rows)}${becomes.length === 0 ? "" : ` to { ${becomes.join(", ")} }`}`,
    given: [
      ...factsWords(asked, "context"),
      ...factsWords(asked, "tenant"),
      ...(now && request.now !== undefined ? [`now ${nowWords(asked, request.now)}`] : []),
      ...relationWords(asked),
    ],
    unsaid: [...asked.unsaid, ...limitWords(asked)],
  };
}

interface Asked {
  readonly program: Program;
  readonly request: RequestDocument;
  /** Each fact once, of the row before an update where there are two. */
  readonly slots: readonly Slot[];
  /** Filled on the way. */
  readonly unsaid: string[];
}

/** The facts with those of the rows put together, and those that differ in the row after an update. */
function ofOneRow(
  request: RequestDocument,
  slots: readonly Slot[],
  rows: readonly Row[],
): readonly [readonly Slot[], readonly Slot[]] {
  const known = new Map<string, Slot>();
  const changed: Slot[] = [];
  for (const slot of slots.toSorted((a, b) => rankOf(a, rows) - rankOf(b, rows))) {
    const { source } = slot;
    const key = slotPath(source)
      .join("\n")
      .replace(/^(?:resource|prior|next)\n/, "row\n")
      .replace(/\n(?:resource|prior|next)(?=[.\n]|$)/, "\nrow");
    const first = known.get(key);
    if (first === undefined) {
      known.set(key, slot);
      continue;
    }
    const [before, after] = [first, slot].map((one) => valueAt(request, slotPath(one.source)) ?? null);
    if (JSON.stringify(before) !== JSON.stringify(after)) changed.push(slot);
  }
  return [[...known.values()], changed];
}

/** What stands after `to`: the facts that change. `asked.slots` are all facts of the row after the update. */
function changeWords(asked: Asked, changed: readonly Slot[]): readonly string[] {
  const moved = new Set(
    changed.flatMap(({ source }) => (source.from === "row_attribute" ? [`row.${source.name}`] : [])),
  );
  const words = changed.flatMap((slot): readonly string[] => {
    const { source, type } = slot;
    const value = valueAt(asked.request, slotPath(source)) ?? null;
    if (source.from === "row_attribute" && value !== null)
      return [
        `${source.name}: ${
          type.kind === "entity"
            ? referenceWords(asked, `row.${source.name}`, type.entity, value as string)
            : listText(value, type)
        }`,
      ];
    if (source.from === "row" && source.part === "tenant") return [`tenant: ${quoted(value as string)}`];
    // What lies behind a reference that changes is said with it.
    if ((source.from === "reference" || source.from === "ancestors") && moved.has(pathStart(source.of)))
      return [];
    if (
      source.from === "ancestors" &&
      source.of.attribute === null &&
      (value as readonly string[]).length > 0
    )
      return [];
    const text = value === null ? "absent" : listText(value, type);
    asked.unsaid.push(`${"name" in source ? source.name : sourceText(source)} becomes ${text}`);
    return [];
  });
  const isMoved = changed.some(({ source }) => source.from === "ancestors" && source.of.attribute === null);
  const { type } = asked.request.resource;
  return [...(isMoved ? parentsWords(asked, "row", type) : []), ...words].toSorted();
}

function pathStart({ attribute }: EntityPath): string {
  return `row.${attribute ?? ""}`;
}

/** Facts of the first row come first. */
function rankOf({ source }: Slot, rows: readonly Row[]): number {
  const root = rootOf(source);
  return root === null || root === "principal" ? -1 : rows.indexOf(root);
}

/** Whose fact it is. */
function rootOf(source: SlotSource): "principal" | Row | null {
  switch (source.from) {
    case "principal":
    case "principal_attribute":
      return "principal";
    case "row":
    case "row_attribute":
      return source.row;
    case "reference":
    case "ancestors":
      return source.of.root;
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
    case "relation":
      return null;
  }
}

function listText(value: unknown, type: ValueType): string {
  if (!Array.isArray(value)) return valueText(value as WireScalar, scalarOf(type));
  return `[${value.map((item) => valueText(item as WireScalar, scalarOf(type))).join(", ")}]`;
}

function scalarOf(type: ValueType): ScalarType {
  return type.kind === "set" ? type.of : type;
}

function principalWords(asked: Asked): string {
  const { program, request } = asked;
  const { type, id, roles, tenant } = request.principal;
  return instance(type, id, [
    ...(roles.length === 0 ? [] : [`roles: [${roles.join(", ")}]`]),
    ...parentsWords(asked, "principal", type),
    ...(tenant === program.tenant ? [] : [`tenant: ${quoted(tenant)}`]),
    ...attributeWords(asked, "principal"),
  ]);
}

function rowWords(asked: Asked, rows: readonly Row[]): string {
  const { program, request, slots } = asked;
  const { type } = request.resource;
  const document = request[rows[0] ?? "resource"];
  const isNamed = slots.some(
    ({ source }) =>
      source.from === "relation" ||
      (source.from === "row" && source.part === "id") ||
      // A row may be what another one stands in.
      source.from === "ancestors",
  );
  const tenant = document?.tenant ?? program.tenant;
  return instance(type, isNamed ? document?.id : undefined, [
    ...parentsWords(asked, "row", type),
    ...(tenant === program.tenant ? [] : [`tenant: ${quoted(tenant)}`]),
    ...attributeWords(asked, "row"),
  ]);
}

/** `Loan "7" { title: "Emma" }`. */
function instance(type: string, id: string | undefined, fields: readonly string[]): string {
  const name = id === undefined ? type : `${type} ${quoted(id)}`;
  return fields.length === 0 ? name : `${name} { ${fields.join(", ")} }`;
}

/** The attributes of the principal or a row that the rules read. */
function attributeWords(asked: Asked, root: "principal" | "row"): readonly string[] {
  return asked.slots
    .flatMap((slot): readonly string[] => {
      const { source } = slot;
      const isOwn = source.from === (root === "principal" ? "principal_attribute" : "row_attribute");
      if (!isOwn || !("name" in source)) return [];
      const text = factWords(asked, slot, `${root}.${source.name}`);
      return text === null ? [] : [`${source.name}: ${text}`];
    })
    .toSorted();
}

/** A fact's value, or null where a test takes it for granted. `key`: where what it refers to has its own facts. */
function factWords(asked: Asked, { source, type }: Slot, key: string): string | null {
  const value = valueAt(asked.request, slotPath(source)) ?? null;
  if (value === null || value === false || (Array.isArray(value) && value.length === 0)) return null;
  return type.kind === "entity"
    ? referenceWords(asked, key, type.entity, value as string)
    : listText(value, type);
}

/** What a reference leads to, with the facts of it that are read. */
function referenceWords(asked: Asked, key: string, entity: string, id: string): string {
  const fields = asked.slots.flatMap((slot): readonly string[] => {
    const { source } = slot;
    if (source.from !== "reference" || keyOf(source.of) !== key) return [];
    const text = factWords(asked, slot, `${key}.${source.name}`);
    return text === null ? [] : [`${source.name}: ${text}`];
  });
  return instance(entity, id, [...parentsWords(asked, key, entity), ...fields]);
}

/** `in: [Branch "main"]`; what stands above only through another parent stands in that one. */
function parentsWords(asked: Asked, key: string, type: string): readonly string[] {
  const { program, request, slots } = asked;
  const above = slots.flatMap(({ source }) => {
    if (source.from !== "ancestors" || keyOf(source.of) !== key) return [];
    const ids = (valueAt(request, slotPath(source)) ?? []) as readonly string[];
    return ids.map((id) => ({ entity: source.entity, id }));
  });
  const direct = new Set(entityOf(program, type)?.parents.map((parent) => parent.entity));
  const own = above.filter(({ entity }) => direct.has(entity));
  const further = above.filter(({ entity }) => !direct.has(entity));
  const isParent = (entity: string, parent: string) =>
    entityOf(program, entity)?.parents.some((one) => one.entity === parent) === true;
  const holder = own.findIndex((one) => further.every((other) => isParent(one.entity, other.entity)));
  const list = (all: typeof above) =>
    `in: [${all.map(({ entity, id }) => instance(entity, id, [])).join(", ")}]`;
  if (further.length > 0 && holder === -1) asked.unsaid.push(`${key} stands ${list(further)}`);
  const words = own.map(({ entity, id }, index) =>
    instance(entity, id, index === holder && further.length > 0 ? [list(further)] : []),
  );
  return words.length === 0 ? [] : [`in: [${words.join(", ")}]`];
}

/** A path without saying which row it begins at. */
function keyOf({ root, attribute, further }: EntityPath): string {
  const parts = [root === "principal" ? root : "row", attribute, further];
  return parts.filter((part) => part !== null && part !== undefined).join(".");
}

function factsWords(asked: Asked, of: "context" | "tenant"): readonly string[] {
  const facts = asked.slots.flatMap((slot): readonly string[] => {
    const { source } = slot;
    const isOwn = source.from === (of === "context" ? "context" : "tenant_attribute");
    if (!isOwn || !("name" in source)) return [];
    const text = factWords(asked, slot, `${of}.${source.name}`);
    return text === null ? [] : [`${source.name}: ${text}`];
  });
  return facts.length === 0 ? [] : [`${of} { ${facts.join(", ")} }`];
}

function nowWords(asked: Asked, now: string): string {
  const { program, request, slots } = asked;
  const clock = clockAt(now, zoneOf(program));
  for (const { source, type } of slots) {
    if (source.from !== "clock") continue;
    const said = request.clock?.[source.part];
    if (said === undefined || said === clock[source.part]) continue;
    asked.unsaid.push(`${sourceText(source)} is ${valueText(said, scalarOf(type))}`);
  }
  return valueText(now, { kind: "instant" });
}

function relationWords({ program, request, slots }: Asked): readonly string[] {
  return slots.flatMap(({ source }) => {
    if (source.from !== "relation") return [];
    const relation = program.model.relations.find(({ name }) => name === source.name);
    return (request.relations?.[source.name] ?? []).map(
      ({ from, to }) =>
        `${source.name}(${instance(relation?.from ?? "", from, [])}, ${instance(relation?.to ?? "", to, [])})`,
    );
  });
}

function limitWords({ request, slots }: Asked): readonly string[] {
  return slots.flatMap(({ source }) => {
    if (source.from !== "limit" || source.part !== "left") return [];
    const left = request.limits?.[source.rule]?.left;
    return left === 0 ? [`nothing is left of the limit of ${source.rule}`] : [];
  });
}

function quoted(text: string): string {
  return valueText(text, { kind: "string" });
}

function entityOf(program: Program, name: string): EntityModel | undefined {
  return program.model.entities.find((entity) => entity.name === name);
}
