/** Requests that a search found, with ids that people can tell apart: `loan_1` for a made up UUID. */
import type { Program, RequestDocument } from "@wardline/core";
import { ordinaryId } from "./default-value.ts";

/** The form of the ids that a search makes up: the number of the entity, and a count. */
const madeUp = /^0198c0de-0000-7000-8000-0000([0-9a-f]{4})([0-9a-f]{4})$/;

/** The same for all that is asked of it: one id becomes one other, everywhere. */
export function withPlainIds(program: Program, request: RequestDocument): RequestDocument {
  return JSON.parse(JSON.stringify(request), (_, value: unknown) => {
    const parts = typeof value === "string" ? madeUp.exec(value) : null;
    const entity = parts === null ? undefined : program.model.entities[parseInt(parts[1] as string, 16) - 1];
    return entity === undefined ? value : ordinaryId(entity.name, parseInt(parts?.[2] as string, 16));
  }) as RequestDocument;
}
