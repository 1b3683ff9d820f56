/** What the policies of a project can do to a field on its way to a caller: known from the programs of all tenants. */
import { findTable, type EntityModel, type FieldModel, type Program } from "@wardline/core";

/** How a field's column may come out of a query. */
export interface ColumnFate {
  /** Some policy leaves only a part of it. */
  readonly masked: boolean;
  /** Some policy hides it: it is null then. */
  readonly hidden: boolean;
  /** It is sealed: in every tenant, or in some. */
  readonly sealed: "all" | "some" | "none";
}

/** What some policy that a tenant may yet write could do. Platforms alone seal. */
export function anyFate(programs: readonly Program[], entity: EntityModel, field: FieldModel): ColumnFate {
  return { ...columnFate(programs, entity, field), masked: isMaskable(field.type), hidden: true };
}

function isMaskable({ kind }: FieldModel["type"]): boolean {
  return ["string", "int", "decimal", "instant", "date"].includes(kind);
}

/** The fate of a field under all programs, by the actions that queries ask for. Programs of one model. */
export function columnFate(programs: readonly Program[], entity: EntityModel, field: FieldModel): ColumnFate {
  const kinds = new Set(programs.flatMap((program) => masksOf(program, entity.name, field.name)));
  const sealedIn = programs.filter(({ sealed }) =>
    sealed.some((entry) => entry.entity === entity.name && entry.fields.includes(field.name)),
  ).length;
  return {
    masked: [...kinds].some((kind) => kind !== "show" && kind !== "hide"),
    hidden: kinds.has("hide"),
    sealed: sealedIn === 0 ? "none" : sealedIn === programs.length ? "all" : "some",
  };
}

/** The kinds of masks that a rule of the program puts over the field where it is read. */
function masksOf(program: Program, entity: string, field: string): readonly string[] {
  const { model } = program;
  const principals = model.entities.filter(({ kind }) => kind === "principal");
  return readingActions(program, entity).flatMap((action) =>
    principals.flatMap(({ name }) =>
      (findTable(program, name, action, entity)?.passes ?? []).flatMap(({ grants, requires }) =>
        [...grants, ...requires].flatMap(({ effects }) =>
          effects.filter((effect) => effect.field === field).map(({ mask }) => mask.kind),
        ),
      ),
    ),
  );
}

/** Every action that reads: `db` asks for some of them, `returning` and `reading` for others. */
function readingActions({ model }: Program, entity: string): readonly string[] {
  return model.actions.flatMap(({ name, kind, entities }) =>
    kind === "reads" && entities.includes(entity) ? [name] : [],
  );
}
