/** OPA's module of Rego written by hand, built beforehand. */
import { opaData, opaInput } from "../../b2/opa-scale.ts";
import { loadModule } from "../../peers/opa-module.ts";
import type { StartFiles } from "../prepare.ts";
import { finish, readBytes, readJson } from "../started.ts";

const { grants, asked } = readJson("grants.json") as StartFiles;
const module = loadModule(readBytes("policy.wasm"));
module.setData(opaData(grants));
const [answer] = module.evaluate(opaInput({ user: { id: "u", roles: [asked.role] }, ...asked }));
finish((answer as { readonly result: boolean }).result);
