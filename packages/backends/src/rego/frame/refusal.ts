/** The part of the text that says what stands in the way of a grant that no forbid forbids. */
export const refusalText = `# The rows that no grant with a draw left grants
refused := {row | some row in table.rows; count(granting[row]) == 0}

ungranted := {row | some row in refused; count(spent[row]) == 0}

# Requires whose limits are exhausted
stopping[row] := (requiring[row] & exhausted) & limited[row] if some row in table.rows

# All rules whose limits stand in the way, and how long each is in it: null where that is not known
wearing := union({spent[row] | some row in refused}) | union({stopping[row] | some row in table.rows})

lasting := {soonest(row) | some row in refused} | {wait_for(id) | some row in table.rows; some id in stopping[row]}

wait_for(id) := object.get(waits, id, null)

known_waits(row) := {wait | some id in spent[row]; wait := wait_for(id); wait != null}

soonest(row) := min(known_waits(row)) if count(known_waits(row)) > 0

soonest(row) := null if count(known_waits(row)) == 0

worn_out := object.union(
	{"outcome": "deny", "rules": in_order(wearing), "obligations": [], "reason": "not_granted"},
	retry,
)

retry := {} if null in lasting

retry := {"retry_after": max(lasting)} if not null in lasting`;
