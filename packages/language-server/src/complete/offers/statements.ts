/** Statements that belong in a kind of file, with what they hold. */
import { headerWords, statementsIn, type Keyword } from "@wardline/compiler";
import type { Offer } from "../item.ts";
import type { Place } from "../place.ts";

/** A rule's `who to what`; a name of the model stands where there is one. */
const reach = "${2:anyone} to ${3:read} ${4:anything}";

const snippets: { readonly [Word in Keyword]: readonly [detail: string, snippet: string] } = {
  permit: ["what somebody may do", `permit \${1:name}: ${reach}`],
  forbid: ["what nobody of them may do", `forbid \${1:name}: ${reach}\n  because "\${5:reason}"`],
  ceiling: ["the most that tenants may grant", `ceiling \${1:name}: ${reach}`],
  floor: ["what tenants cannot take away", `floor \${1:name}: ${reach}`],
  share: ["what people of other tenants may do", "share ${1:name}: ${2:role} to ${3:read} ${4:anything}"],
  require: ["what is asked for, or shown less of", `require \${1:name}: \${5:audit(full)} for ${reach}`],
  assert: ["what must hold of all requests", `assert \${1:name}: never permit ${reach}`],
  role: ["a role", "role ${1:name}"],
  let: ["a condition with a name", "let ${1:name} = "],
  settings: ["settings", "settings {\n  $0\n}"],
  use: ["use a pack", "use "],
  test: ["a test", 'test "${1:what it shows}" {\n  $0\n}'],
  parameter: ["what a pack is given", "parameter ${1:name}: ${2:class}"],
  enum: ["values with names", "enum ${1:Name} { ${2:value} }"],
  tenant: ["facts about the customer", "tenant {\n  $0\n}"],
  context: ["what a request carries", "context {\n  $0\n}"],
  entity: ["rows of a table", "entity ${1:Name} stored in ${2:table} {\n  $0\n}"],
  principal: ["who asks", "principal ${1:Name} {\n  $0\n}"],
  delegate: ["roles that tenants assign", "delegate ${1:role} to tenants"],
  evidence: ["what meets a precondition", "evidence ${1:name} from context.${2:fact}"],
  relation: [
    "who belongs to what",
    "relation ${1:name}(${2:From}, ${3:To}) via ${4:table}(${5:from_id}, ${6:to_id})",
  ],
  action: ["what can be done", "action ${1:name} ${2|reads,creates,updates,deletes|} ${3:Type}"],
  group: ["several actions under one name", "group ${1:name} = ${2:action}"],
};

/** Statements that belong in the file, each as its word and as a whole. */
export function statementOffers(place: Place, isAlone: boolean): readonly Offer[] {
  const rank = isAlone ? 0 : 8;
  const offers = statementsIn(place.names.kind).flatMap((word): readonly Offer[] => {
    const [detail, snippet] = snippets[word];
    return [
      { label: word, kind: "keyword", rank, detail, insert: word },
      ...(isAlone
        ? [
            {
              label: `${word} …`,
              kind: "snippet" as const,
              rank: rank + 1,
              detail,
              snippet: snippet,
              filter: word,
              name: word,
            },
          ]
        : []),
    ];
  });
  return isAlone && place.names.kind === "pack"
    ? [
        ...offers,
        {
          label: "@control",
          kind: "snippet",
          rank: rank + 1,
          detail: "the control that the next rule is for",
          snippet: '@control("$1")',
          filter: "@control",
        },
      ]
    : offers;
}

/** Words and names of the first line. */
export function headerOffers(place: Place, type: string): readonly Offer[] {
  const { names, at, tokens } = place;
  const word = tokens[0]?.image;
  if (at === 0) return headerWords.flatMap((one) => (type === `word_${one}` ? headerWord(place, one) : []));
  if (type === "word_for") return [{ label: "for", kind: "keyword", rank: 0 }];
  if (type !== "Name") return [];
  const name =
    word === "policy" && at === 1
      ? names.tenant
      : word === "model" || word === "pack"
        ? null
        : modelName(place);
  return name === null
    ? []
    : [
        {
          label: name,
          kind: "value",
          rank: 0,
          detail: at === 1 && word === "policy" ? "the tenant" : "the model",
        },
      ];
}

/** A file that nothing says anything of may become any kind but a second model. */
function headerWord({ names, snapshot }: Place, word: (typeof headerWords)[number]): readonly Offer[] {
  const isOpen = names.tenant === "" && !(word === "model" && snapshot.project.model !== null);
  return names.kind === word || isOpen
    ? [{ label: word, kind: "keyword", rank: names.kind === word ? 0 : 1, detail: headerDetails[word] }]
    : [];
}

const headerDetails: { readonly [Word in (typeof headerWords)[number]]: string } = {
  model: "what there is, who asks, and where it is stored",
  platform: "rules that bind every tenant",
  pack: "forbids and requires that fit any model",
  policy: "one tenant's rules",
};

function modelName({ snapshot }: Place): string | null {
  const { model } = snapshot.project;
  const header = model === null ? null : snapshot.parsed(model.name)?.ast.header;
  return header?.kind === "model" ? header.name.text : null;
}
