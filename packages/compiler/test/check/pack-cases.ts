import type { FindingCase } from "./case.ts";

const guide = `pack guide 1.2
parameter secret: class
parameter fresh: Duration(..15m) = 15m
parameter least: Int(1..5) = 2
require sealed: encrypt(secret)
require factor: step_up(mfa, within: fresh) for anyone to update anything touching secret
forbid low: Member to update anything
  unless principal.level >= least
`;
const other = guide.replace("guide 1.2", "guide 1.10");
const house = guide.replace("guide 1.2", "house 2.0.1");

const using = (pack: string) => `policy north for library\nuse ${pack}\npermit a: reader to read Book\n`;

/** A pack that `north` uses, marked where it is wrong. */
const inPack = (text: string) => ({
  file: "pack" as const,
  text: `pack house 1.0\n${text}\n`,
  policy: using("house 1.0"),
});

/** Packs, parameters, arguments, and `touching`. */
export const packCases: readonly FindingCase[] = [
  {
    code: "pack/version",
    file: "policy",
    text: "use guide ⟪1.1⟫ { secret: #secret }",
    packs: [guide],
    fix: "1.2",
  },
  {
    code: "pack/version",
    file: "policy",
    text: "use guide ⟪1.1⟫ { secret: #secret }",
    packs: [other, guide],
    says: "there is no `guide` 1.1",
    help: "there is 1.2, 1.10",
  },
  { code: "pack/version", file: "policy", text: "use guide ⟪1.20⟫ { secret: #secret }", packs: [guide] },
  { code: "pack/version", file: "platform", text: "use house ⟪2.0⟫ { secret: #secret }", packs: [house] },
  {
    code: "name/unknown",
    file: "policy",
    text: "use ⟪gide⟫ 1.2 { secret: #secret }",
    packs: [guide],
    fix: "guide",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: "use ⟪guide⟫ 1.2",
    says: "unknown pack",
    help: "no packs are at hand: name their files in the configuration of the project",
  },
  {
    code: "pack/ambiguous",
    file: "policy",
    text: "use ⟪guide⟫ 1.2 { secret: #secret }",
    packs: [guide, guide],
  },
  {
    code: "pack/name",
    file: "policy",
    text: "use ⟪north⟫ 1.2",
    packs: [guide.replace("guide", "north")],
  },
  {
    code: "pack/name",
    file: "platform",
    text: "use ⟪north⟫ 1.2",
    packs: [guide.replace("guide", "north")],
  },
  {
    code: "pack/name",
    file: "pack",
    text: "pack ⟪platform⟫ 1.0\nrequire a: encrypt(#secret)\n",
    policy: using("platform 1.0"),
  },
  {
    code: "pack/twice",
    file: "policy",
    text: "use guide 1.2 { secret: #secret }\nuse ⟪guide⟫ 1.10 { secret: #secret }",
    packs: [guide, other],
  },
  {
    code: "pack/missing",
    file: "policy",
    text: "use ⟪guide⟫ 1.2 { fresh: 10m }",
    packs: [guide],
    says: "needs `secret` (a class, such as `#phi`)",
    help: "write `secret: #CLASS` between the braces",
  },
  { code: "pack/missing", file: "policy", text: "use ⟪guide⟫ 1.2", packs: [guide] },
  {
    code: "name/unknown",
    file: "policy",
    text: "use guide 1.2 { secret: #secret ⟪fersh⟫: 10m }",
    packs: [guide],
    says: "unknown parameter",
    fix: "fresh",
  },
  {
    code: "name/duplicate",
    file: "policy",
    text: "use guide 1.2 { secret: #secret ⟪secret⟫: #pii }",
    packs: [guide],
  },
  {
    code: "name/unknown",
    file: "policy",
    text: "use guide 1.2 { secret: ⟪#secrett⟫ }",
    packs: [guide],
    says: "unknown class `#secrett`",
    fix: "#secret",
  },
  ...[
    ["secret: ⟪secret⟫", "takes a class", "write `secret: #secret`"],
    ["secret: ⟪15m⟫", "takes a class", "write `secret: #CLASS`"],
    ["secret: #secret fresh: ⟪16m⟫", "takes a Duration of at most 15m", "write `fresh: 15m`"],
    ["secret: #secret fresh: ⟪1_000_000_000us⟫", "of at most 15m", undefined],
    ["secret: #secret fresh: ⟪15⟫", "takes a Duration", undefined],
    ['secret: #secret fresh: ⟪"15m"⟫', "takes a Duration", undefined],
    ["secret: #secret fresh: ⟪6mo⟫", "takes a Duration", undefined],
    ["secret: #secret fresh: ⟪#secret⟫", "takes a Duration", undefined],
    ["secret: #secret fresh: ⟪principal⟫", "takes a Duration", undefined],
    ["secret: #secret least: ⟪0⟫", "takes an Int from 1 to 5", undefined],
    ["secret: #secret least: ⟪6⟫", "takes an Int from 1 to 5", undefined],
    ["secret: #secret least: ⟪2.5⟫", "takes an Int from 1 to 5", undefined],
    ["secret: #secret least: ⟪true⟫", "takes an Int from 1 to 5", undefined],
  ].map(([given, says = "", help]): FindingCase => ({
    code: "pack/argument",
    file: "policy",
    text: `use guide 1.2 { ${given} }`,
    packs: [guide],
    says,
    ...(help === undefined ? {} : { help }),
  })),

  // In the pack's own text
  {
    code: "pack/argument",
    ...inPack(
      "parameter a: Duration(..15m) = ⟪20m⟫\nrequire b: step_up(mfa, within: a) for anyone to update anything",
    ),
  },
  { code: "model/type", ...inPack("parameter a: ⟪Set⟫<String> = 5") },
  { code: "model/type", ...inPack("parameter a: ⟪Int⟫? = 5"), says: "an optional Int" },
  { code: "model/bounds", ...inPack("parameter a: Duration⟪(1..5)⟫"), says: "`Duration(..VALUE)`" },
  { code: "model/bounds", ...inPack("parameter a: Duration⟪(..15)⟫") },
  { code: "model/bounds", ...inPack("parameter a: Period⟪(..15m)⟫") },
  { code: "model/bounds", ...inPack("parameter a: Bool⟪(..5)⟫") },
  { code: "name/unknown", ...inPack("parameter a: ⟪Genre⟫"), says: "unknown type" },
  { code: "name/duplicate", ...inPack("parameter a: Int = 1\nparameter ⟪a⟫: Int = 2") },
  { code: "name/duplicate", ...inPack("require a: encrypt(#secret)\nrequire ⟪a⟫: encrypt(#secret)") },
  { code: "file/misplaced", ...inPack("⟪permit⟫ a: anyone to read Book"), says: "does not belong in a pack" },
  { code: "file/misplaced", ...inPack("⟪let⟫ a = context.mfa") },
  { code: "file/misplaced", ...inPack("⟪use⟫ guide 1.2") },
  { code: "file/misplaced", ...inPack("⟪assert⟫ a: never permit anyone to read Book") },
  { code: "file/misplaced", ...inPack('⟪test⟫ "a" { }') },
  { code: "file/misplaced", file: "policy", text: "⟪parameter⟫ a: Int", help: "it belongs in a pack" },
  {
    code: "file/kind",
    file: "policy",
    text: "⟪pack north 1.0⟫\n",
  },
  {
    code: "pack/parameter-use",
    ...inPack("parameter a: Int = 1\nforbid b: anyone to read anything touching ⟪a⟫"),
    says: "is no class",
  },
  {
    code: "pack/parameter-use",
    ...inPack("parameter a: Int = 1\nforbid b: anyone to read anything when ⟪a⟫.b == 1"),
    says: "has no attributes",
  },
  {
    code: "pack/parameter-use",
    ...inPack("parameter a: Int = 1\nforbid b: anyone to read anything when ⟪a⟫(principal)"),
  },
  {
    code: "pack/parameter-use",
    ...inPack("parameter a: Int = 1\nforbid b: anyone to read anything when has ⟪a⟫"),
    says: "is never absent",
  },
  {
    code: "pack/parameter-use",
    file: "pack",
    text: "pack house 1.0\nparameter a: class\nforbid b: anyone to read anything when ⟪a⟫ == 1\n",
    policy: using("house 1.0 { a: #secret }"),
    says: "is a class, and no value",
  },
  {
    code: "name/unknown",
    ...inPack("parameter phi: class\nforbid b: anyone to read anything touching ⟪phj⟫"),
    policy: using("house 1.0 { phi: #secret }"),
    says: "unknown parameter",
  },
  { code: "name/unknown", ...inPack("require a: encrypt(⟪#phi⟫)"), says: "unknown class `#phi`" },
  { code: "name/unknown", ...inPack("forbid a: anyone to ⟪exprt⟫ anything"), says: "unknown action" },
  {
    code: "name/unknown",
    ...inPack("require a: step_up(⟪otp⟫) for anyone to update anything"),
    says: "unknown factor",
  },
  { code: "type/mismatch", ...inPack("forbid a: anyone to read Book when resource.title == ⟪context.mfa⟫") },
  {
    code: "type/literal",
    ...inPack("parameter a: Int = 1\nforbid b: anyone to read Book when resource.title == ⟪a⟫"),
  },

  // `touching`, and classes where they are no values
  {
    code: "reach/no-class",
    file: "policy",
    text: "permit a: reader to read Book touching ⟪secret⟫",
    fix: "#secret",
  },
  { code: "reach/no-class", file: "policy", text: "permit a: reader to read Book touching ⟪nothing⟫" },
  { code: "reach/untouched", file: "policy", text: "permit a: reader to read Loan touching ⟪#secret⟫" },
  {
    code: "name/unknown",
    file: "policy",
    text: "permit a: reader to read Book touching ⟪#secrets⟫",
    says: "unknown class `#secrets`",
    fix: "#secret",
  },
  { code: "reach/no-action", file: "policy", text: "permit a: reader to ⟪lend⟫ anything touching #secret" },
  { code: "type/class", file: "policy", text: 'permit a: reader to read Book when ⟪#secret⟫ == "x"' },
  { code: "type/class", file: "policy", text: "permit a: reader to read Book when has ⟪#secret⟫" },
  { code: "type/class", file: "policy", text: "permit a: reader to read Book when ⟪#secret⟫" },
];
