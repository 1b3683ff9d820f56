/** Bare Node: a set of the grants. */
import type { StartFiles } from "../prepare.ts";
import { finish, readJson } from "../started.ts";

const { grants, asked } = readJson("grants.json") as StartFiles;
const keyOf = ({ role, action, type }: typeof asked) => `${role} ${action} ${type}`;
finish(new Set(grants.map(keyOf)).has(keyOf(asked)));
