/** The fields that an obligation can name. */
import type { FieldModel } from "@wardline/core";
import type { Slot } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { aboutKey, type About } from "../condition/facts.ts";
import { plain } from "../../plain-words.ts";
import { Unshown } from "../text/draft.ts";
import { argumentList, bareName, type Call, type ObligationPlace } from "./argument-slot.ts";
import { classOptions } from "./reach-slots.ts";

/** Fields of all that the statement is about, classes, and a pack's class parameters. */
export function fieldOptions({ ctx, about }: ObligationPlace): string {
  return listNamed(ctx, `fields: ${aboutKey(about)}`, () => {
    const { documentation } = ctx.words;
    const fields = about.entities.flatMap((entity) =>
      entity.fields.map(({ name }) =>
        option(name, plain(name), documentation.get(`${entity.name}.${name}`) ?? null, "Fields"),
      ),
    );
    return [...new Map([...fields, ...classOptions(ctx)].map((one) => [one.id, one])).values()];
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

/** `encrypt` has no reach: fields of the whole model. */
function everyField({ ctx }: ObligationPlace): string {
  return listNamed(ctx, "all fields", () => {
    const fields = ctx.words.ir.entities.flatMap((entity) =>
      entity.fields.map(({ name }) => option(name, plain(name), null, "Fields")),
    );
    return [...new Map([...classOptions(ctx), ...fields].map((one) => [one.id, one])).values()];
  });
}

export function fieldsNamed(ctx: CardContext, about: About, name: string): readonly FieldModel[] {
  const all = about.entities.flatMap(({ fields }) => fields);
  if (ctx.parameters.has(name)) return [];
  return all.filter((field) =>
    name.startsWith("#") ? field.classes.includes(name.slice(1)) : field.name === name,
  );
}
