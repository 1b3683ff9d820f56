/** The page of what `wardline doctor` looks for, made from the lints themselves. */
import { doctorLints, type DoctorLint } from "../packages/isolation/src/doctor/index.ts";

const head = `# What the doctor looks for

\`wardline doctor\` reads the catalogue of a database and compares it with the model; then it [tries to cross](cli.md#doctor) from one tenant
to another. An error opens a way between tenants or takes away a wall; a warning leaves one wall where there should be two; a hint says what was not looked at.
This page is made from the lints: \`pnpm generate\` writes it.
`;

const level = { error: "error", warning: "warning", info: "hint" } as const;
const anchor = (code: string) => code.replace("/", "");

export function doctorPage(): string {
  const rows = doctorLints.map(
    ({ code, severity, summary }) => `| [\`${code}\`](#${anchor(code)}) | ${level[severity]} | ${summary} |`,
  );
  const table = ["| code | | what is wrong |", "|---|---|---|", ...rows].join("\n");
  return [head, `${table}\n`, ...doctorLints.map(part)].join("\n");
}

function part({ code, severity, summary, why, cure }: DoctorLint): string {
  return `## ${code}\n${summary} (${level[severity]})\n\n${why}\n\n**What to do:** ${cure}.\n`;
}
