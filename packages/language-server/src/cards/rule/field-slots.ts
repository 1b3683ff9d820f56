/** The fields that an obligation can name. */
import type { EntityModel, FieldModel } from "@wardline/core";
import type { Slot } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { aboutKey, type About } from "../condition/facts.ts";
import { plain } from "../../plain-words.ts";
import { Unshown } from "../text/draft.ts";
import { argumentList, bareName, type Call, type ObligationPlace } from "./argument-slot.ts";
import { classOptions } from "./reach-slots.ts";

/** Fields that all have that the statement is about, classes, and a pack's class parameters. */
export function fieldOptions({ ctx, about }: ObligationPlace): string {
  return listNamed(ctx, `fields: ${aboutKey(about)}`, () => {
    const { documentation } = ctx.words;
    const [first, ...others] = about.entities;
    const fields = (first?.fields ?? [])
      .filter(({ name }) => others.every((other) => other.fields.some((field) => field.name === name)))
      .map(({ name }) =>
        option(name, plain(name), documentation.get(`${first?.name}.${name}`) ?? null, "Fields"),
      );
    return [...fields, ...classOptions(ctx)];
  });
}

/** `hide(a, b)`, `encrypt(#c)`: all of the arguments are one list. */
export function fieldsSlot(place: ObligationPlace, term: Call, id: string, all: boolean): Slot {
  const names = term.args.map(bareName);
  const [first, last] = [term.args[0], term.args.at(-1)];
  if (first === undefined || last === undefined || names.includes(null))
    throw new Unshown("This names no fields.");
  const value = names as readonly string[];
  const options = all ? everyField(place) : fieldOptions(place);
  return argumentList(place, { id: `${id}.fields`, label: "Which fields", value, options }, first, last);
}

/** `encrypt` has no reach: fields of the whole model that can be sealed. */
function everyField({ ctx }: ObligationPlace): string {
  const { entities } = ctx.words.ir;
  return listNamed(ctx, "all that can be sealed", () => {
    const classes = classOptions(ctx).filter(
      ({ id }) => !id.startsWith("#") || canSeal(entities, id.slice(1)),
    );
    const names = new Set(entities.flatMap(({ fields }) => fields.map(({ name }) => name)));
    const fields = [...names].filter((name) => areSealable(entities, (field) => field.name === name));
    return [...classes, ...fields.map((name) => option(name, plain(name), null, "Fields"))];
  });
}

/** Whether the fields of a class can be sealed: only texts that are stored for a tenant are. */
export const canSeal = (entities: readonly EntityModel[], name: string) =>
  areSealable(entities, ({ classes }) => classes.includes(name)) &&
  !entities.some(({ shared, fields }) => shared === true && fields.some((one) => one.classes.includes(name)));

/** Some are meant, and all of them that are stored for a tenant are texts. */
function areSealable(entities: readonly EntityModel[], isMeant: (field: FieldModel) => boolean): boolean {
  const fields = entities.flatMap(({ storage, shared, fields: all }) =>
    storage === null || shared === true ? [] : all.filter(isMeant),
  );
  return fields.length > 0 && fields.every(({ type }) => type.kind === "string");
}

export function fieldsNamed(ctx: CardContext, about: About, name: string): readonly FieldModel[] {
  const all = about.entities.flatMap(({ fields }) => fields);
  if (ctx.parameters.has(name)) return [];
  return all.filter((field) =>
    name.startsWith("#") ? field.classes.includes(name.slice(1)) : field.name === name,
  );
}
