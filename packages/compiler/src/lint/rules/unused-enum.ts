/** An enum of the model that no field and no fact has as its type, and no setting its values from. */
import { finding } from "../../diagnostics/table.ts";
import { settingEnums } from "../../settings/setting-table.ts";
import { leaveOutStatement, type LintRule } from "../lint-rule.ts";

export const unusedEnum: LintRule = {
  code: "lint/unused-enum",
  check: (context) => {
    const { modelFile } = context;
    const used = new Set<string>([
      ...Object.values(settingEnums),
      ...modelFile.statements.flatMap((statement) =>
        "fields" in statement
          ? statement.fields.flatMap(({ type }) => [
              type.name.text,
              ...(type.of === null ? [] : [type.of.text]),
            ])
          : [],
      ),
    ]);
    return modelFile.statements.flatMap((statement) =>
      statement.kind === "enum" && !used.has(statement.name.text)
        ? [
            finding(
              "lint/unused-enum",
              statement.name.span,
              { name: statement.name.text },
              { fixes: [leaveOutStatement(context, statement)] },
            ),
          ]
        : [],
    );
  },
};
