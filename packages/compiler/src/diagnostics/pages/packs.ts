import type { packDiagnostics } from "../packs.ts";
import type { PagesOf } from "./page.ts";

const pack = (text: string) => ({ file: "pack", text: `pack house 1.0\n\n${text}` }) as const;

/** Pages about packs. */
export const packPages = {
  "pack/version": {
    summary: "A pack is used in a version that is not at hand.",
    why: "A pack's rules are those of one version, word for word. No other version may stand in for it.",
    wrong: "use guide ⟪1.3⟫ {\n  secret: #secret\n}",
    right: "use guide 1.2 {\n  secret: #secret\n}",
  },
  "pack/ambiguous": {
    summary: "Two packs of one name and version are at hand.",
    why: "Which of the two texts would hold must not depend on the order of files.",
    wrong: {
      text: "use ⟪guide⟫ 1.2 {\n  secret: #secret\n}",
      beside: { pack: "pack guide 1.2\n\nparameter secret: class\n\nrequire sealed: encrypt(secret)\n" },
    },
    right: {
      text: "use guide 1.2 {\n  secret: #secret\n}",
      beside: { pack: "pack guide 1.3\n\nparameter secret: class\n\nrequire sealed: encrypt(secret)\n" },
    },
  },
  "pack/name": {
    summary: "A pack is called like the platform or like the tenant that uses it.",
    why: "A rule's id begins with whose it is. Nobody could tell such a pack's rules from theirs.",
    wrong: { file: "pack", text: "pack ⟪platform⟫ 1.0\n\nrequire seal: encrypt(#secret)\n" },
    right: { file: "pack", text: "pack house 1.0\n\nrequire seal: encrypt(#secret)\n" },
  },
  "pack/twice": {
    summary: "A pack is used twice by the same layer.",
    why: "Its rules would stand there twice under one id, perhaps with other values.",
    wrong: "use guide 1.2 {\n  secret: #secret\n}\n\nuse ⟪guide⟫ 1.2 {\n  secret: #secret\n}",
    right: "use guide 1.2 {\n  secret: #secret\n}",
  },
  "pack/missing": {
    summary: "A pack is used without a value that it needs.",
    why: "A pack fits any model because its user says what its words stand for.",
    wrong: "use ⟪guide⟫ 1.2",
    right: "use guide 1.2 {\n  secret: #secret\n}",
  },
  "pack/argument": {
    summary: "A parameter of a pack is given what it does not take.",
    why: "The author of a pack sets bounds so that its user can make it stricter and not weaker.",
    wrong: "use guide 1.2 {\n  secret: #secret\n  fresh: ⟪30m⟫\n}",
    right: "use guide 1.2 {\n  secret: #secret\n  fresh: 10m\n}",
  },
  "pack/parameter-use": {
    summary: "A parameter stands where it has no meaning.",
    why: "A class stands for fields and a value for itself. Neither has attributes, and neither can be absent.",
    wrong: pack("parameter least: Int\n\nforbid low: anyone to read anything\n  unless ⟪least⟫.level >= 3\n"),
    right: pack(
      "parameter least: Int\n\nforbid low: anyone to read anything\n  unless principal.level >= least\n",
    ),
  },
  "lint/unused-parameter": {
    summary: "A pack has a parameter that nothing in it uses.",
    why: "Its user would set it and believe that something changed.",
    noFix:
      "Whoever uses it gives a value for it, in other places and perhaps in other files, which would have to change as well.",
    wrong: pack("parameter secret: class\nparameter ⟪idle⟫: Duration\n\nrequire seal: encrypt(secret)\n"),
    right: pack("parameter secret: class\n\nrequire seal: encrypt(secret)\n"),
  },
} as const satisfies PagesOf<typeof packDiagnostics>;
