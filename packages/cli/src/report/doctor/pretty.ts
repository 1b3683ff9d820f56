/** What the doctor found, for people: what it is about, why it matters, what to do. */
import type { DoctorFinding } from "@wardline/isolation";
import pc from "picocolors";
import { paintOf } from "../pretty.ts";
import { visible } from "../visible.ts";
import { summaryOf, type DoctorReport } from "./doctor-report.ts";

export function formatDoctorPretty({ findings, server, schemas }: DoctorReport, color: boolean): string {
  const blocks = findings.map((finding) => formatOne(finding, color));
  const closing = `${server.database} on Postgres ${server.versionText}, ${schemas.length === 1 ? "schema" : "schemas"} ${schemas.join(", ")}: ${summaryOf(findings)}`;
  return `${[...blocks, visible(closing)].join("\n")}\n`;
}

function formatOne({ code, severity, object, message, why, cure }: DoctorFinding, color: boolean): string {
  const colors = pc.createColors(color);
  const head = `${paintOf(severity, colors)(`${severity}[${code}]`)}${colors.bold(`: ${visible(`${object.kind} ${object.name}: ${message}`)}`)}`;
  const remark = (word: string, text: string) => `   ${colors.dim("=")} ${word}: ${visible(text)}`;
  return `${[head, remark("note", why), remark("help", cure)].join("\n")}\n`;
}
