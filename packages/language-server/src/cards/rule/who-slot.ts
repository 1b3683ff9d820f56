/** Whom a statement is about: roles and kinds of users, or anyone except some roles. */
import type { Who } from "@wardline/compiler";
import type { Option, Slot, SlotValue } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { capital, listed, plain } from "../../plain-words.ts";
import { refuse } from "../text/change.ts";
import type { SlotPlace } from "./reach-slots.ts";

/** Whom a statement is about. `nobody`: of a forbid, which reads “nobody except”. */
export function whoSlot({ ctx, draft }: SlotPlace, who: Who, nobody: boolean): Slot {
  const names = (who.kind === "anyone" ? who.except : who.names).map(({ text }) => text);
  return draft.slot({
    id: "who",
    label: "Who",
    shown: shownWho(who, nobody),
    picker: { kind: "who", options: whoList(ctx), except: roleList(ctx) },
    value: who.kind === "anyone" ? ["anyone", ...names] : names,
    start: who.span.start,
    end: who.span.end,
    set: (value) => {
      const text = whoText(ctx, value);
      return typeof text === "string" ? [{ start: who.span.start, end: who.span.end, text }] : text;
    },
  });
}

function shownWho(who: Who, nobody: boolean): string {
  if (who.kind === "names")
    return capital(
      listed(
        who.names.map(({ text }) => plain(text)),
        nobody ? "or" : "and",
      ),
    );
  const except = who.except.map(({ text }) => plain(text));
  const all = nobody ? "Nobody" : "Anyone";
  return except.length === 0 ? all : `${all} except ${listed(except, "and")}`;
}

function whoText(ctx: CardContext, value: SlotValue): string | { readonly refused: string } {
  if (typeof value === "string") return refuse("Give a list of names.");
  const known = new Set((ctx.lists.get(whoList(ctx)) ?? []).map(({ id }) => id));
  const [first, ...rest] = value;
  const names = first === "anyone" ? rest : value;
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) return refuse(`\`${unknown}\` is no role and no kind of user.`);
  if (new Set(names).size < names.length) return refuse("The same name stands there twice.");
  if (first !== "anyone")
    return names.length === 0 ? refuse("Choose at least one, or anyone.") : names.join(", ");
  if (names.some((name) => /^[A-Z]/.test(name))) return refuse("Only roles can be excepted.");
  return names.length === 0 ? "anyone" : `anyone except ${names.join(", ")}`;
}

/** Roles, with who counts as a holder. */
function roleList(ctx: CardContext): string {
  return listNamed(ctx, "roles", () =>
    ctx.roles.map((role): Option => {
      const also = ctx.roles
        .filter((other) => other.extends.includes(role.name))
        .map(({ name }) => plain(name));
      const inherits =
        also.length === 0 ? null : `Who is ${listed(also, "or")} counts as ${plain(role.name)} too.`;
      const said = [role.documentation, inherits].filter((line) => line !== null).join(" ");
      return option(
        role.name,
        plain(role.name),
        said === "" ? null : said,
        role.own ? "Roles of this file" : "Roles",
      );
    }),
  );
}

/** Roles, and kinds of users. */
function whoList(ctx: CardContext): string {
  return listNamed(ctx, "who", () => [
    ...(ctx.lists.get(roleList(ctx)) ?? []),
    ...ctx.words.ir.entities
      .filter(({ kind }) => kind === "principal")
      .map(({ name }) => option(name, name, ctx.words.documentation.get(name) ?? null, "Kinds of users")),
  ]);
}
