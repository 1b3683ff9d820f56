/**
 * The policy of system work: whatever the model has an action for, in every row of one tenant, under one rule whose name is in the
 * record. What is sealed stays sealed, and the tenant's boundary is held as for everybody.
 */
import { loadProgram, type Program, type Row, type Slot, type SlotSource, type Table } from "@wardline/core";
import type { PolicyGuard } from "@wardline/isolation";
import { createPolicyGuard, type Policy } from "../policy-guard.ts";

/** The rule that permits it. */
export const systemRule = "platform/system";

const made = new WeakMap<Program, Map<string, Policy>>();
const tenants = new WeakMap<PolicyGuard, Policy>();

/** For principals of one type. */
export function systemPolicy(policy: Policy, principal: string): Policy {
  const known = made.get(policy.program) ?? new Map<string, Policy>();
  made.set(policy.program, known);
  const found = known.get(principal) ?? createPolicyGuard(bundleOf(policy, principal));
  known.set(principal, found);
  tenants.set(found, policy);
  return found;
}

/** The tenant's own, of which the policy of system work was made; itself for any other. */
export function tenantPolicy(guard: PolicyGuard): PolicyGuard {
  return tenants.get(guard) ?? guard;
}

function bundleOf(policy: Policy, principal: string): Parameters<typeof createPolicyGuard>[0] {
  const loaded = loadProgram(systemProgram(policy.program, principal));
  if ("error" in loaded) throw new TypeError(`the model allows no system work: ${loaded.error}`);
  const { revision, digest } = policy;
  return { program: loaded.program, revision, digest };
}

function systemProgram(program: Program, principal: string): Program {
  const { model, sealed } = program;
  const slots: Slot[] = [];
  const known = new Map<string, number>();
  // Rows of two entities have the same tenant, in one slot.
  const slot = (source: SlotSource, type: Slot["type"]): number => {
    const key = JSON.stringify([source, type]);
    const id = known.get(key) ?? slots.push({ id: slots.length, source, type, optional: false }) - 1;
    known.set(key, id);
    return id;
  };
  const text = { kind: "string" } as const;
  const always = [
    slot({ from: "principal", part: "id" }, { kind: "entity", entity: principal }),
    slot({ from: "principal", part: "tenant" }, text),
    slot({ from: "principal", part: "roles" }, { kind: "set", of: text }),
    slot({ from: "tenant", part: "id" }, text),
  ];
  const rowSlots = new Map<string, readonly number[]>();
  const slotsOf = (entity: string, row: Row): readonly number[] => {
    const key = `${row} ${entity}`;
    const isShared = model.entities.find(({ name }) => name === entity)?.shared === true;
    const found = rowSlots.get(key) ?? [
      slot({ from: "row", row, part: "id" }, { kind: "entity", entity }),
      ...(isShared ? [] : [slot({ from: "row", row, part: "tenant" }, text)]),
    ];
    rowSlots.set(key, found);
    return found;
  };
  const tables = model.actions.flatMap(({ name: action, kind, entities }) =>
    entities.map((resource): Table => {
      const rows = rowsOf[kind];
      const fields = sealed.find(({ entity }) => entity === resource)?.fields ?? [];
      const isStored = kind === "creates" || kind === "updates";
      return {
        principal,
        action,
        resource,
        passes: rows.map((row) => ({
          row,
          ceiling: 0,
          forbids: [],
          grants: [{ rule: 0, when: 0, effects: [] }],
          requires: [],
        })),
        slots: [...always, ...rows.flatMap((row) => slotsOf(resource, row))].toSorted((a, b) => a - b),
        duties: isStored && fields.length > 0 ? [{ type: "encrypt", fields }] : [],
      };
    }),
  );
  return {
    format: program.format,
    tenant: program.tenant,
    model,
    rules: [
      {
        id: systemRule,
        layer: "platform",
        kind: "permit",
        file: "system",
        line: 1,
        because: null,
        doc: null,
      },
    ],
    slots,
    atoms: [],
    conditions: [{ kind: "constant", value: true }],
    tables,
    sealed,
  };
}

const rowsOf: Readonly<Record<"reads" | "creates" | "updates" | "deletes", readonly Row[]>> = {
  reads: ["resource"],
  creates: ["next"],
  updates: ["prior", "next"],
  deletes: ["prior"],
};
