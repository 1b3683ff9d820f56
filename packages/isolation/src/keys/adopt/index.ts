/** The steps by which plaintext that stands in a database becomes sealed. */
export { AdoptionError, type AdoptionErrorCode, type Hindrance } from "./adoption-error.ts";
export { adoptionNames, isAdoptionColumn, isAsideColumn, type AdoptionNames } from "./adoption-names.ts";
export type { AdoptionState } from "./adopted-table.ts";
export {
  abortAdoption,
  adoptColumns,
  adoptionStatus,
  dropPlaintext,
  switchAdopted,
  type AdoptedColumnStatus,
  type AdoptionStatus,
  type AdoptOptions,
  type AdoptProgress,
  type AdoptReport,
  type DropReport,
} from "./adopt-columns.ts";
export type { LockOptions } from "./with-tables-locked.ts";
