/** The published schemas, as validators. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

function read(name: string): object {
  return JSON.parse(
    readFileSync(new URL(`../../../docs/spec/${name}.schema.json`, import.meta.url), "utf8"),
  ) as object;
}

/** The schema `docs/spec/NAME.schema.json`, which may refer to the request and the decision. */
export function schemaOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  for (const other of ["decision", "request"]) if (other !== name) ajv.addSchema(read(other));
  return ajv.compile(read(name));
}
