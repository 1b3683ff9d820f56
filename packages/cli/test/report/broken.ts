/** A project with errors and warnings of many shapes: related places, notes, helps, fixes, wide and hidden characters. */
import { projectFolder } from "../project.ts";

export const brokenPolicy = `policy north for library

permit own: reader to read, list Loan
  when resource.borower == principal

permit own: librarian to read Loan
  when principal.level >= 3 and resource.title == "漢字" or resource.fee > 1.00

permit wide: anyone to read, list Loan

forbid hidden: reader to update Loan
  when resource.title == "a\u202eb"
`;

/** Platform whose ceiling is tighter than what the policy permits. */
export const tightPlatform = `platform for library

ceiling all: librarian to read, list, update Loan
`;

export function brokenProject(): string {
  return projectFolder({ "north.ward": brokenPolicy, "platform.ward": tightPlatform });
}
