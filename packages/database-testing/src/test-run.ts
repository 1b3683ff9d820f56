/** Runs once before all test files: the folder for what each of them would else make anew. */
export { openTemplates as setup } from "./template.ts";
