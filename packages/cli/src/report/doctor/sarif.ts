/** What the doctor found as SARIF 2.1.0. A table is shown where the model names it, so that services show it beside code. */
import { doctorLints, type DatabaseObject, type DoctorFinding, type DoctorLint } from "@wardline/isolation";
import type { Reader } from "../finding-report.ts";
import { placesIn } from "../places.ts";
import { artifactOf } from "../sarif/artifact.ts";
import { levelOf, nameOf, type SarifRule } from "../sarif/rules.ts";
import { sarifLog } from "../sarif/sarif-log.ts";
import type { DoctorReport } from "./doctor-report.ts";
import { fingerprintOf } from "./fingerprint.ts";

const rules: readonly SarifRule[] = doctorLints.map(ruleOf);

export function formatDoctorSarif({ findings, model, schemas }: DoctorReport, reader: Reader): string {
  const places = placesIn(new Map([[model.name, model.text]]));
  const result = (finding: DoctorFinding): object => {
    const { code, severity, object, message, why, cure } = finding;
    const { start, end } = places.of({ file: model.name, ...namedAt(model.text, object, schemas) });
    return {
      ruleId: code,
      ruleIndex: rules.findIndex((rule) => rule.id === code),
      level: levelOf(severity),
      message: { text: [`${object.kind} ${object.name}: ${message}`, why, cure].join("\n") },
      locations: [
        {
          physicalLocation: {
            artifactLocation: artifactOf(model.name, reader),
            region: {
              startLine: start.line,
              startColumn: start.column,
              endLine: end.line,
              endColumn: end.column,
            },
          },
          logicalLocations: [{ fullyQualifiedName: object.name, kind: object.kind }],
        },
      ],
      partialFingerprints: { primaryLocationLineHash: fingerprintOf(finding) },
    };
  };
  return sarifLog({ automation: "wardline/doctor", rules, items: findings, result });
}

/** Where the model says that something is kept in the table of an object; its beginning for anything else. */
function namedAt(
  text: string,
  { name }: DatabaseObject,
  schemas: readonly string[],
): { start: number; end: number } {
  const [schema, table] = name.split(".");
  if (schema === undefined || !schemas.includes(schema)) return { start: 0, end: 0 };
  const at = /^\w+$/.test(table ?? "") ? new RegExp(`\\b(?:stored in|via) ${table}\\b`).exec(text) : null;
  return at === null ? { start: 0, end: 0 } : { start: at.index, end: at.index + at[0].length };
}

function ruleOf({ code, severity, summary, why, cure }: DoctorLint): SarifRule {
  const more = `\`wardline help ${code}\` says more.`;
  return {
    id: code,
    name: nameOf(code),
    shortDescription: { text: summary },
    fullDescription: { text: why },
    help: {
      text: [why, cure, more].join("\n\n"),
      markdown: [why, `**What to do:** ${cure}.`, more].join("\n\n"),
    },
    defaultConfiguration: { level: levelOf(severity) },
    properties: { tags: ["doctor"], precision: "very-high" },
  };
}
