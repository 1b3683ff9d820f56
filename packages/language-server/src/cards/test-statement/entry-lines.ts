/** `{ key: value }` of a test as lines: what is said of somebody, of the request, or of what an update makes. */
import type { Datum, DatumEntry, Instance } from "@wardline/compiler";
import { listNamed, option } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { tokensBetween, type Stretch } from "../condition/outer.ts";
import { refuse, type Change } from "../text/change.ts";
import { datumSegments, firstDatum, wantedOf, type Wanted } from "./datum-segments.ts";
import { isDescribed, type TestScope } from "./test-scope.ts";

export interface EntryLines {
  /** What the ids of the lines begin with. */
  readonly id: string;
  /** The part that the lines stand below. */
  readonly part: string;
  readonly depth: number;
  readonly entries: readonly DatumEntry[];
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** How a line begins, by its key. */
  readonly says: (key: string, several: boolean) => string;
  /** Where the braces stand, or would. */
  readonly stretch: Stretch;
  /** What adding a line is called. */
  readonly add: string;
  /** Of whom it is said. */
  readonly own: string | null;
  /** What removing the last line does, where it takes more with it. */
  readonly removeLast?: () => Change;
  /** Puts the first entry in where the text has no braces yet. */
  readonly open?: (entry: string) => Change;
  /** The documentation of what a key names. */
  readonly owner: string;
}

export function addEntryLines(scope: TestScope, lines: EntryLines): void {
  const { draft, ctx, block } = scope;
  const { id, depth, entries, wanted, says, own } = lines;
  for (const [at, { key, value }] of entries.entries()) {
    const part = `${id}.${at}`;
    const several = value.kind === "data" && value.of.length !== 1;
    const remove = () =>
      entries.length === 1 && lines.removeLast !== undefined ? lines.removeLast() : removeEntry(entries, at);
    draft.part({ id: part, kind: "entry", depth, remove }, [
      says(key.text, several || key.text === "roles"),
      ...datumSegments(scope, { id: part, label: labelOf(key.text) }, wanted.get(key.text), value),
    ]);
    for (const [index, inner] of describedIn(value).entries())
      addInstanceLines(scope, inner, `${part}-${index}`, part, depth + 1, null);
  }
  const said = new Set(entries.map(({ key }) => key.text));
  const free = [...wanted].filter(([key, one]) => !said.has(key) && firstDatum(scope, one, own) !== null);
  if (free.length === 0) return;
  const choices = listNamed(ctx, `${lines.owner}: ${free.map(([key]) => key).join(" ")}`, () =>
    free.map(([key]) =>
      option(key, labelOf(key), ctx.words.documentation.get(`${lines.owner}.${key}`) ?? null),
    ),
  );
  draft.addition(
    `${id}.say`,
    lines.add,
    "entry",
    choices,
    (choice) => {
      const first = free.find(([key]) => key === choice);
      const text = first === undefined ? null : firstDatum(scope, first[1], own);
      if (text === null) return refuse("Choose what is said.");
      const entry = `${choice}: ${text}`;
      const last = entries.at(-1);
      if (last !== undefined) return [{ start: last.span.end, end: last.span.end, text: `, ${entry}` }];
      const { start, end } = lines.stretch;
      const open = tokensBetween(block, start, end).find(({ token }) => token.image === "{");
      if (open !== undefined) {
        const after = open.token.startOffset + 1;
        return [{ start: after, end: after, text: ` ${entry} ` }];
      }
      return lines.open?.(entry) ?? [{ start: end, end, text: ` { ${entry} }` }];
    },
    lines.part,
  );
}

const describedIn = (value: Datum): readonly Instance[] =>
  value.kind === "data" ? value.of.filter(isDescribed) : isDescribed(value) ? [value] : [];

const labelOf = (key: string) =>
  key === "in" ? "What it belongs to" : key === "tenant" ? "The organisation" : plain(key);

/**
 * What is said of somebody or something. `part`: the line below which it stands; `own`: its name; `lead`: of whom it is
 * where the line is about several.
 */
export function addInstanceLines(
  scope: TestScope,
  instance: Instance,
  id: string,
  part: string,
  depth: number,
  own: string | null,
  lead = "",
): void {
  const entity = scope.ctx.words.entities.get(instance.entity.text);
  const who = own === null ? `this ${instance.entity.text}` : plain(own);
  const isPrincipal = entity?.kind === "principal";
  addEntryLines(scope, {
    id,
    part,
    depth,
    entries: instance.fields,
    wanted: entity === undefined ? new Map() : wantedOf(entity),
    says: (key, several) =>
      lead +
      (key === "in"
        ? `${isPrincipal ? "who" : "that"} belongs to`
        : key === "tenant"
          ? "of the organisation"
          : `whose ${plain(key)} ${several ? "are" : "is"}`),
    stretch: instance.span,
    add: `More of ${who}`,
    own,
    owner: instance.entity.text,
  });
}

/** An entry out of a list of them, with a comma. */
export function removeEntry(entries: readonly DatumEntry[], at: number): Change {
  const own = entries[at] as DatumEntry;
  const [before, after] = [entries[at - 1], entries[at + 1]];
  if (before !== undefined) return [{ start: before.span.end, end: own.span.end, text: "" }];
  return [{ start: own.span.start, end: after?.span.start ?? own.span.end, text: "" }];
}
