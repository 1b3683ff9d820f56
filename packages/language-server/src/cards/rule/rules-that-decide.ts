/** The rules that an expectation can name after `by`: those of the file, the platform and the packs. */
import type { Statement } from "@wardline/compiler";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { isRule } from "../../actions/add-test.ts";
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
  // A ceiling bounds what the others may; no decision names it.
  if (!isRule(statement) || statement.kind === "ceiling") return [];
  return [option(statement.name.text, plain(statement.name.text), statement.doc, section)];
}
