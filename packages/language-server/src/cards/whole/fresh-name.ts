/** Names that are taken in a file and beside it, and one that is not. */
import type { Name, Statement } from "@wardline/compiler";
import type { CardContext } from "../card-context.ts";

/** Names that a statement of this file cannot have. */
export function namesTaken(ctx: CardContext): ReadonlySet<string> {
  const { project } = ctx.snapshot;
  const beside = ctx.role.kind === "platform" ? project.platform : [];
  const own = ctx.blocks.blocks.flatMap(({ statement }) => statement ?? []);
  const others = beside
    .filter(({ name }) => name !== ctx.file)
    .flatMap(({ name }) => ctx.snapshot.parsed(name)?.ast.statements ?? []);
  const { ir, groups } = ctx.words;
  return new Set([
    ...[...own, ...others].flatMap(declaredNames).map(({ text }) => text),
    ...ctx.roles.map(({ name }) => name),
    ...ir.relations.map(({ name }) => name),
    ...ir.actions.map(({ name }) => name),
    ...ir.enums.flatMap(({ values }) => values),
    ...groups.keys(),
  ]);
}

/** The names that a statement declares, of those that no other statement may have. */
export function declaredNames(statement: Statement): readonly Name[] {
  switch (statement.kind) {
    case "permit":
    case "forbid":
    case "require":
    case "ceiling":
    case "floor":
    case "share":
    case "assert":
    case "let":
    case "parameter":
      return [statement.name];
    case "role":
      return statement.names;
    case "settings":
    case "use":
    case "test":
    case "enum":
    case "facts":
    case "entity":
    case "principal":
    case "delegate":
    case "evidence":
    case "relation":
    case "action":
    case "group":
      return [];
  }
}

/** The number behind a title, from 2, with which no test of the file has it. */
export function freshTitleNumber({ blocks: { blocks } }: CardContext, title: string): number {
  const titles = new Set(
    blocks.flatMap(({ statement }) => (statement?.kind === "test" ? [statement.title] : [])),
  );
  let number = 2;
  while (titles.has(`${title} ${number}`)) number += 1;
  return number;
}

/** The name, or the first of it with a number behind that is free. */
export function freshName(ctx: CardContext, wanted: string): string {
  const taken = namesTaken(ctx);
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  return name;
}
