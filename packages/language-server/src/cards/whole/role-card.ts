/** A role: what it is called, and whose rights its holders have too. */
import type { RoleStatement } from "@wardline/compiler";
import { listNamed, option } from "../card-context.ts";
import { listed, plain } from "../../plain-words.ts";
import { endBefore } from "../condition/outer.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { ownNameSlot } from "./own-name.ts";
import { refuse, type Change } from "../text/change.ts";

export function addRole({ ctx, block, draft }: StatementPlace, { names, modifier }: RoleStatement): void {
  const own = names.map(({ text }) => text);
  const [only] = names;
  draft.part(
    { id: "head", kind: "head" },
    only !== undefined && own.length === 1
      ? [ownNameSlot(draft, only), "is a role"]
      : [`${listed(own.map(plain), "and")} are roles`],
  );
  const options = listNamed(ctx, "roles that tenants assign", () =>
    ctx.roles
      .filter(({ delegated }) => delegated)
      .map(({ name, documentation }) => option(name, plain(name), documentation)),
  );
  const known = () =>
    new Set((ctx.lists.get(options) ?? []).map(({ id }) => id).filter((name) => !own.includes(name)));
  const end = names.at(-1)?.span.end ?? block.end;
  if (modifier === null) {
    draft.addition("extends", "What its holders may do too", "entry", options, (choice) =>
      choice !== null && known().has(choice)
        ? [{ start: end, end, text: ` extends ${choice}` }]
        : refuse("Choose another role."),
    );
    return;
  }
  if (modifier.kind === "platform") {
    draft.part({ id: "modifier", kind: "entry" }, ["of the platform's own people"]);
    return;
  }
  const listedNames = modifier.kind === "extends" ? modifier.names : modifier.types;
  const [first, last] = [listedNames[0], listedNames.at(-1)];
  if (first === undefined || last === undefined) return;
  const at = { start: first.span.start, end: last.span.end };
  const value = listedNames.map(({ text }) => text);
  const isExtends = modifier.kind === "extends";
  const types = listNamed(ctx, "kinds of users", () =>
    ctx.words.ir.entities
      .filter(({ kind }) => kind === "principal")
      .map(({ name }) => option(name, name, ctx.words.documentation.get(name) ?? null)),
  );
  const list = isExtends ? options : types;
  const slot = draft.slot({
    id: isExtends ? "extends" : "for",
    label: isExtends ? "What its holders may do too" : "Who can hold it",
    shown: listed(value.map(plain), "and"),
    picker: { kind: "many", options: list, least: 1, all: null },
    value,
    ...at,
    set: (chosen) => {
      if (typeof chosen === "string" || chosen.length === 0) return refuse("Choose at least one.");
      const all = new Set((ctx.lists.get(list) ?? []).map(({ id }) => id));
      if (chosen.some((name) => own.includes(name))) return refuse("A role cannot stand for itself.");
      if (new Set(chosen).size < chosen.length) return refuse("The same name stands there twice.");
      const unknown = chosen.find((name) => !all.has(name));
      return unknown === undefined
        ? [{ ...at, text: chosen.join(", ") }]
        : refuse(`\`${unknown}\` cannot be chosen here.`);
    },
  });
  const remove = (): Change => {
    const word = endBefore(block, at.start);
    const start = endBefore(block, word - 1);
    return [{ start, end: at.end, text: "" }];
  };
  draft.part({ id: "modifier", kind: "entry", remove }, [
    isExtends ? "and its holders count as" : "for",
    slot,
  ]);
}
