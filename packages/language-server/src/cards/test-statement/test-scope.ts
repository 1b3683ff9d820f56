/** What the lines of one test are made with: its names, and what they stand for. */
import type { Datum, Instance } from "@wardline/compiler";
import { isReservedWord } from "@wardline/compiler";
import type { EntityModel } from "@wardline/core";
import type { CardContext } from "../card-context.ts";
import type { Block } from "../text/blocks.ts";
import type { CardDraft } from "../text/draft.ts";

export interface TestScope {
  readonly ctx: CardContext;
  readonly block: Block;
  readonly draft: CardDraft;
  /** What each `let` of the test names, in their order. */
  readonly bound: ReadonlyMap<string, Datum>;
}

/** A name as what it is bound to in the end, anything else as it is; null of a name that is bound to nothing. */
export function meantBy({ bound }: TestScope, datum: Datum): Datum | null {
  let meant = datum;
  for (let steps = 0; meant.kind === "name"; steps += 1) {
    const next = bound.get(meant.name.text);
    if (next === undefined || steps > bound.size) return null;
    meant = next;
  }
  return meant;
}

/** The type of who or what is meant; undefined where that is nobody and nothing. */
export function entityOf(scope: TestScope, datum: Datum): EntityModel | undefined {
  const meant = meantBy(scope, datum);
  return meant?.kind === "instance" ? scope.ctx.words.entities.get(meant.entity.text) : undefined;
}

/** The names of all who or what is of some types. */
export function namesOf(scope: TestScope, entities: readonly string[]): readonly string[] {
  return [...scope.bound].flatMap(([name, datum]) => {
    const entity = entityOf(scope, datum);
    return entity !== undefined && entities.includes(entity.name) ? [name] : [];
  });
}

/** The ids that a test says of things of a type. */
export function idsOf({ block }: TestScope, entity: string): readonly string[] {
  const ids = new Set<string>();
  const look = (datum: Datum): void => {
    if (datum.kind === "data") datum.of.forEach(look);
    if (datum.kind !== "instance") return;
    if (datum.entity.text === entity && datum.id !== null) ids.add(datum.id);
    for (const { value } of datum.fields) look(value);
  };
  const { statement } = block;
  for (const part of statement?.kind === "test" ? statement.parts : []) {
    if (part.kind === "let") look(part.value);
    else if (part.kind === "expect" && part.expect.kind === "one") {
      look(part.expect.principal);
      look(part.expect.resource);
    }
  }
  return [...ids];
}

/** A name of the test that is not taken yet, such as `loan` for a Loan. */
export function freshBinding({ bound, ctx }: TestScope, entity: string): string {
  const wanted = entity.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  const taken = new Set([
    ...bound.keys(),
    ...ctx.roles.map(({ name }) => name),
    ...ctx.words.ir.enums.flatMap(({ values }) => values),
  ]);
  let name = wanted;
  for (let number = 2; taken.has(name) || isReservedWord(name); number += 1) name = `${wanted}_${number}`;
  return name;
}

/** What is said of somebody or something on the spot, beside an id. */
export const isDescribed = (datum: Datum): datum is Instance =>
  datum.kind === "instance" && datum.fields.length > 0;

export const principalTypes = ({ words }: CardContext): readonly string[] =>
  words.ir.entities.flatMap(({ kind, name }) => (kind === "principal" ? [name] : []));
