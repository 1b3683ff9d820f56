/** The doctor: reads the catalogue of a database and says what in it lets one tenant reach another. */
export * from "./catalogue.ts";
export { tryToCross } from "./cross/cross.ts";
export { examine } from "./examine.ts";
export * from "./lint.ts";
export { doctorLints } from "./lint-table.ts";
export { readCatalogue, readHere } from "./read/read-catalogue.ts";
