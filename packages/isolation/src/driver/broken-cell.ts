/** Where a cell stands that did not open: for the operator. The caller's error says of every cell the same. */
import type { SealedPlace } from "../contracts.ts";
import type { SealBroken } from "../errors.ts";

const places = new WeakMap<SealBroken, SealedPlace>();

export function notePlace(error: SealBroken, place: SealedPlace): SealBroken {
  places.set(error, place);
  return error;
}

/** The error as the operator is told of it. */
export function brokenCell(error: SealBroken): Error {
  const place = places.get(error);
  const at = place === undefined ? "" : `: ${place.table}.${place.column} of row ${place.row}`;
  return new Error(`a sealed value does not open, ${error.code}${at}`, { cause: error });
}
