/** What a new card is about where nothing is chosen yet, and the asserts that can be made of it. */
import type { ActionModel } from "@wardline/core";
import type { CardContext } from "../card-context.ts";

/** What is read, by whom; null in a model without actions. */
export function reading({
  words: { ir },
  roles,
  role,
}: CardContext): { readonly who: string; readonly to: string } | null {
  const action =
    ir.actions.find(({ name }) => name === "read") ?? ir.actions.find(({ kind }) => kind === "reads");
  const to = action === undefined ? null : target(action);
  const own = roles.find(
    ({ delegated, platform }) => !platform && (role.kind === "platform" ? !delegated : delegated),
  );
  const who = own?.name ?? ir.entities.find(({ kind }) => kind === "principal")?.name;
  return to === null || who === undefined ? null : { who, to };
}

export const target = ({ name, entities }: ActionModel) =>
  entities[0] === undefined ? null : `${name} ${entities[0]}`;

export const claims = {
  never: ["Nobody else may ever do something", "No rule permits it, now or later."],
  always: ["Somebody may always do something", "It is permitted, and nothing is asked for first."],
  hidden: ["A field is never shown to others", "It is masked or hidden."],
} as const;

export function newAssert(ctx: CardContext, name: string, claim: string | null): string | null {
  const { ir } = ctx.words;
  const read = reading(ctx);
  if (ctx.role.kind === "pack" || read === null) return null;
  const isRole = ctx.roles.some((role) => role.name === read.who);
  const others = isRole ? `anyone except ${read.who}` : "anyone";
  switch (claim ?? "never") {
    case "never":
      return `assert ${name}: never permit ${others} to ${read.to}`;
    case "always":
      return `assert ${name}: always permit ${read.who} to ${read.to}`;
    case "hidden": {
      const entity = ir.entities.find(({ fields, kind }) => kind === "entity" && fields.length > 0);
      const field = entity?.fields.find(({ classes }) => classes.length > 0) ?? entity?.fields[0];
      return entity === undefined || field === undefined
        ? null
        : `assert ${name}: never show ${entity.name}.${field.name} to ${others}`;
    }
    default:
      return null;
  }
}
