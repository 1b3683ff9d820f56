// What is settled of a request before any rule is asked: its table, its facts, its scope.
import { begin } from "./found";
import { config, OWN_TENANT } from "./host";
import { sameText } from "./search";
import { readSlots } from "./slots";
import { FACT_COUNT, FACTS, HOME_CELL, ROW_COUNT, ROWS, setTable, TENANT_CELL, word } from "./table";

/** The principal belongs to the tenant. */
export let home: bool = false;

/** Opens a request at a table: 0, or 1 for `invalid_input`, or 2 for `out_of_scope`. */
export function open(table: u32): u32 {
  setTable(table);
  if (!readSlots(word(FACTS), word(FACT_COUNT))) return 1;
  const tenant = word(TENANT_CELL);
  // A module answers for the tenant whose policy it is, and for no other.
  if (!sameText(tenant, config(OWN_TENANT))) return 2;
  const rows = word(ROWS);
  const count = word(ROW_COUNT);
  for (let i: u32 = 0; i < count; i++) if (!sameText(load<u32>(rows + (i << 2)), tenant)) return 2;
  home = sameText(word(HOME_CELL), tenant);
  begin();
  return 0;
}
