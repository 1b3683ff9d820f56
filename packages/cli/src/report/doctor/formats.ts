/** The formats that what `doctor` found is reported in. */
import type { Reader } from "../finding-report.ts";
import type { DoctorReport } from "./doctor-report.ts";
import { formatDoctorJson } from "./json.ts";
import { formatDoctorPretty } from "./pretty.ts";

export const doctorFormats = ["pretty", "json", "sarif"] as const;
export type DoctorFormat = (typeof doctorFormats)[number];

export async function formatDoctorReport(
  format: DoctorFormat,
  report: DoctorReport,
  reader: Reader,
): Promise<string> {
  switch (format) {
    case "pretty":
      return formatDoctorPretty(report, reader.color);
    case "json":
      return formatDoctorJson(report);
    case "sarif":
      return (await import("./sarif.ts")).formatDoctorSarif(report, reader);
  }
}
