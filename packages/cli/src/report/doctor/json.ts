/** What the doctor found, for machines, as `docs/spec/doctor-report.schema.json` says. */
import { version } from "../../version.ts";
import { countOf, type DoctorReport } from "./doctor-report.ts";
import { fingerprintOf } from "./fingerprint.ts";

const doctorFormatVersion = 1;

export function formatDoctorJson({ findings, server, schemas, passed }: DoctorReport): string {
  const document = {
    formatVersion: doctorFormatVersion,
    tool: { name: "wardline", version },
    server: { version: server.versionText, database: server.database, schemas, role: server.role },
    summary: countOf(findings),
    findings: findings.map((finding) => {
      const { code, severity, object, message, why, cure } = finding;
      const { kind, name } = object;
      return {
        code,
        severity,
        object: { kind, name },
        message,
        why,
        cure,
        fingerprint: fingerprintOf(finding),
      };
    }),
    passed,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
