/** The part of the text that says what a permit obliges to. */
export const obligationsText = `obligations := array.concat(
	array.concat(masks, table.sealed),
	array.concat(array.concat(audits, notices), draws),
)

# Masks are [rung, place on the rung, mask]: the greater, the stricter
shown := [0, 0, {"kind": "show"}]

masks := [masking(field, mask[2]) | some field in table.fields; mask := field_mask(field); mask != shown]

masking(field, mask) := {"type": "hide", "field": field} if mask.kind == "hide"

masking(field, mask) := {"type": "mask", "field": field, "mask": mask} if mask.kind != "hide"

# Of each row the mildest of the grants that count, then the strictest of that and what is required; of all rows the strictest
field_mask(field) := strictest({row_mask(row, field) | some row in table.rows})

row_mask(row, field) := strictest({mildest(masks_of(row, field, counting[row]))} | masks_of(row, field, requiring[row]))

masks_of(row, field, ids) := {object.get(table.masks, [row, id, field], shown) | some id in ids}

# Of masks that show equally much, and not the same, none can be kept by showing: they are at least redacted
strictest(all) := max(all | clash(all))

mildest(all) := max(least | clash(least)) if {
	first := min(all)
	least := {mask | some mask in all; mask[0] == first[0]; mask[1] == first[1]}
}

clash(all) := {[8, 0, {"kind": "redact"}] | some one in all; some other in all; one[0] == other[0]; one[1] == other[1]; one[2] != other[2]}

# Duties are those of the grants that count and of all requires, also where a floor matches
duties := {duty |
	some row in table.rows
	some id in (counting[row] | (matching[row] & requires))
	some duty in object.get(table.duties, [row, id], [])
}

audit_levels := ["decision", "fields", "full"]

audits := [{"type": "audit", "level": audit_levels[highest]} |
	asked := {i | some i, level in audit_levels; some duty in duties; duty == {"type": "audit", "level": level}}
	count(asked) > 0
	highest := max(asked)
]

notices := sort([duty | some duty in duties; duty.type == "notify"])

# Of each row: the rules from whose limits a permit draws; no grant's, if one that counts has none
drawing[row] := requiring[row] if some row in free

drawing[row] := requiring[row] | counting[row] if {
	some row in table.rows
	not row in free
}

free := {row | some row in table.rows; count(counting[row] - limited[row]) > 0}

draws := [limits[0] |
	some id in table.rules
	limits := [limit | some row in table.rows; id in drawing[row]; limit := object.get(table.limits, [row, id], null); limit != null]
	count(limits) > 0
]`;
