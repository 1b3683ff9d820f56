import { cedarCall, cedarOf } from "../../b2/cedar-scale.ts";
import type { StartFiles } from "../prepare.ts";
import { finish, readJson } from "../started.ts";

const { grants, asked } = readJson("grants.json") as StartFiles;
const ask = cedarOf("b7", grants);
finish(ask(cedarCall({ user: { id: "u", roles: [asked.role] }, ...asked })));
