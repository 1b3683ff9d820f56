import type { StartFiles } from "../prepare.ts";
import { casbinRoles, makeCasbin } from "../../peers/casbin.ts";
import { finish, readJson } from "../started.ts";

const { grants, asked } = readJson("grants.json") as StartFiles;
const enforcer = await makeCasbin({
  model: casbinRoles,
  policies: grants.map(({ role, action, type }) => [role, type, action]),
  groupings: [["u", asked.role]],
});
finish(enforcer.enforceSync("u", asked.type, asked.action));
