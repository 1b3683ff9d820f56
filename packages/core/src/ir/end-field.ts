/** Which field of an entity says when a row came to its end, from which on it is kept for as long as a policy says. */
import type { EntityModel, FieldModel } from "./model.ts";

/** The class that the model's author marks it with. */
export const endClass = "ended";

/** The one column of type Instant or Date that has the class; null where there is none, or more than one. */
export function endField({ storage, shared, fields }: EntityModel): FieldModel | null {
  const marked = fields.filter(({ classes }) => classes.includes(endClass));
  const [field] = marked;
  if (storage === null || shared === true || field === undefined || marked.length > 1) return null;
  const isTime = field.type.kind === "instant" || field.type.kind === "date";
  return isTime && field.storage?.kind === "column" ? field : null;
}
