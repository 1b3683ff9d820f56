import { AccessControl } from "accesscontrol";
import type { StartFiles } from "../prepare.ts";
import { finish, readJson } from "../started.ts";

const { grants, asked } = readJson("grants.json") as StartFiles;
const control = new AccessControl(
  grants.map(({ role, action, type }) => ({
    role,
    resource: type,
    action: `${action}:any`,
    attributes: "*",
  })),
);
finish(control.can(asked.role).do(asked.action, asked.type).granted);
