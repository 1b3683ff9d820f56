/** CASL: the ability of a user who holds the role. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import type { StartFiles } from "../prepare.ts";
import { finish, readJson } from "../started.ts";

const { grants, asked } = readJson("grants.json") as StartFiles;
const { can, build } = new AbilityBuilder(createMongoAbility);
for (const { role, action, type } of grants) if (role === asked.role) can(action, type);
finish(build().can(asked.action, asked.type));
