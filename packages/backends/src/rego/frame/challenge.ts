/** The part of the text that says in which ways a request that is granted could come to be permitted. */
export const challengeText = `# Rules that ask for something first: requires, and where no grant counts the grants
asking := union({ids | some row in table.rows; ids := requiring[row] & wanting[row]}) | union({granting[row] | some row in table.rows; count(counting[row]) == 0})

challenge := object.union(
	{"outcome": "challenge", "rules": in_order(asking), "obligations": alternatives[0], "reason": null},
	{"alternatives": alternatives | count(alternatives) > 1},
)

# What rules ask for of a row: pairs of a precondition and the place where a rule asks for it
needs(row, ids) := {[need.what, need.at] | some id in ids; some need in unmet[id]; need.row == row}

# Each precondition once, where it stands first
distinct(asked) := {[what, min({need[1] | some need in asked; need[0] == what})] | some what in whats(asked)}

whats(asked) := {need[0] | some need in asked}

# Of each row the ways to be permitted: what the requires ask for, and with it what one of the grants does
ways[row] := minimal([distinct(needs(row, requiring[row]))]) if {
	some row in table.rows
	count(counting[row]) > 0
}

ways[row] := minimal([distinct(needs(row, requiring[row] | {id})) | some id in table.rules; id in granting[row]]) if {
	some row in table.rows
	count(counting[row]) == 0
}

# Of all rows together: one, or two
combined := ways[row] if {
	count(table.rows) == 1
	some row in table.rows
}

combined := minimal([distinct(one | other) |
	some i, row in table.rows
	some k, next_row in table.rows
	i < k
	some one in ways[row]
	some other in ways[next_row]
]) if {
	count(table.rows) == 2
}

alternatives := [[preconditions[need[1]].obligation | some need in sort([[need[1], need[0]] | some need in way])] | some way in combined]

# Without those that ask for no less than another does, of equal ones the first: the fewest first, then by rank, 16 at most
minimal(all) := array.slice([entry[3] | some i, entry in ordered; not i in beaten], 0, 16) if {
	ordered := sort([[count(way), ranks(way), i, way] | some i, way in all])
	asked := [whats(entry[3]) | some entry in ordered]
	met := [union({preconditions[what].implies | some what in whats}) | some whats in asked]
	covers := {[i, k] | some i, more in met; some k, less in asked; i != k; count(less - more) == 0}
	beaten := {pair[0] | some pair in covers; pair[1] < pair[0]} | {pair[0] | some pair in covers; not [pair[1], pair[0]] in covers}
}

ranks(way) := [preconditions[what].rank | some what in sort([what | some what in whats(way)])]`;
