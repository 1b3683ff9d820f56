/** The longest policy that a tenant may have: from its opening to its cards, and from a keystroke to what changed of them. */
import type { CardsAnswer } from "@wardline/language-server";
import { connect, folder } from "./connect.ts";
import { fullPolicy } from "./full-policy.ts";
import { clock, since, type Taken } from "./taken.ts";

/** Keys in each of these rules, from the first to the last. */
const places = 12;
const letters = "abcdefgh";

export interface CardTimes {
  readonly opening: Taken;
  readonly keys: readonly Taken[];
  readonly lines: number;
}

/** Findings are among what cards say: a keystroke's time holds both. */
export async function cardTimes(): Promise<CardTimes> {
  const texts = fullPolicy();
  const file = texts.policy.name;
  const uri = `${folder}${file}`;
  const before = clock();
  const client = connect(texts);
  await client.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: folder, name: "bench" }],
  });
  await client.sendNotification("initialized", {});
  let { text } = texts.policy;
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "wardline", version: 0, text },
  });
  const ask = async (known: number | null): Promise<CardsAnswer> => {
    const params = { file, ...(known === null ? {} : { known }) };
    const answer: CardsAnswer | { readonly refused: string } = await client.sendRequest(
      "wardline/cards",
      params,
    );
    if ("refused" in answer) throw new Error(answer.refused);
    return answer;
  };
  let answer = await ask(null);
  const opening = since(before, clock());
  if (!("all" in answer)) throw new Error("no cards");
  const cards = answer.all.cards.length;
  const words = "Too much for a";
  const rules = text.split(words).length - 1;
  const keys: Taken[] = [];
  let version = 0;
  for (let place = 0; place < places; place += 1) {
    const rule = Math.floor(((place + 0.5) / places) * rules);
    let at =
      text
        .split(words)
        .slice(0, rule + 1)
        .join(words).length + words.length;
    for (const letter of letters) {
      text = text.slice(0, at) + letter + text.slice(at);
      version += 1;
      const start = clock();
      await client.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
      answer = await ask(answer.made);
      keys.push(since(start, clock()));
      if (!("changes" in answer) || cards < 490) throw new Error("no changes of cards");
      at += 1;
    }
  }
  client.end();
  client.dispose();
  // The first place warms up.
  return { opening, keys: keys.slice(letters.length), lines: texts.lines };
}
