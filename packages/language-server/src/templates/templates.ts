/** `wardline/templates`: what there is to begin with for a tenant's policy. Never throws on any text. */
import type { Refused } from "../protocol/requests.ts";
import { opened } from "../try/opened.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { holeOf } from "./holes.ts";
import { missingWords } from "./fill.ts";
import { modelViewOf, type ModelView } from "./model-view.ts";
import { offeredPack, packsOf } from "./pack-form.ts";
import { starters, type Starter } from "./starters.ts";
import type { OfferedTemplate, TemplatesParams } from "./template.ts";

export function templatesOf(
  snapshot: Snapshot,
  { tenant }: TemplatesParams,
): readonly OfferedTemplate[] | Refused {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  const view = modelViewOf(snapshot, open.program);
  const used = usedPacks(snapshot, tenant);
  return [
    ...packsOf(snapshot).map((pack) => offeredPack(pack, view, used)),
    ...starters.map((starter) => offeredStarter(view, starter)),
  ];
}

/** The packs that the policy itself uses. */
function usedPacks({ project, parsed }: Snapshot, tenant: string): ReadonlySet<string> {
  const file = project.tenants.get(tenant)?.name;
  const statements = file === undefined ? [] : (parsed(file)?.ast.statements ?? []);
  return new Set(statements.flatMap((one) => (one.kind === "use" ? [one.name.text] : [])));
}

function offeredStarter(view: ModelView, { id, group, title, summary, holes }: Starter): OfferedTemplate {
  const filled = holes.map((hole) => ({ hole, offered: holeOf(view, holes, hole) }));
  const missing = filled.find(({ offered }) => offered === null);
  return {
    id,
    kind: "starter",
    group,
    title,
    summary,
    missing: missing === undefined ? null : missingWords(missing.hole),
    parameters: filled.flatMap(({ hole, offered }) =>
      offered === null
        ? []
        : [
            {
              name: hole.name,
              label: hole.label,
              documentation: hole.help ?? null,
              picker: offered.picker,
              optional: hole.kind === "roles" && hole.optional === true,
              value: offered.value,
            },
          ],
    ),
  };
}
