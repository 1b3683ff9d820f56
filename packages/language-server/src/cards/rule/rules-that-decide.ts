/** The rules that an expectation can name after `by`: those of the file, the platform and the packs. */
import type { Statement } from "@wardline/compiler";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { plain } from "../../plain-words.ts";

export function rulesThatDecide(ctx: CardContext): string {
  return listNamed(ctx, "rules that decide", () => {
    const { snapshot, blocks } = ctx;
    const { platform, packs } = snapshot.project;
    const own = blocks.blocks.flatMap(({ statement }) => statement ?? []);
    const beside = [...platform, ...packs]
      .filter(({ name }) => name !== ctx.file)
      .flatMap(({ name }) => snapshot.parsed(name)?.ast.statements ?? []);
    const options = [
      ...own.flatMap((statement) => ruleOption(statement, "Of this file")),
      ...beside.flatMap((statement) => ruleOption(statement, "Of the platform and packs")),
    ];
    return [...new Map(options.toReversed().map((one) => [one.id, one])).values()].toReversed();
  });
}

function ruleOption(statement: Statement, section: string) {
  switch (statement.kind) {
    case "permit":
    case "forbid":
    case "require":
    case "floor":
    case "share":
      return [option(statement.name.text, plain(statement.name.text), statement.doc, section)];
    case "ceiling":
    case "assert":
    case "role":
    case "let":
    case "settings":
    case "use":
    case "parameter":
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
