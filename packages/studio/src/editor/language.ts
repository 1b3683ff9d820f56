/** Colours and brackets of the language, by the tokens that the compiler writes for editors. */
import grammar from "../../../../grammar/wardline.monarch.json?raw";
import { languageId, monaco } from "./monaco.ts";

export function registerLanguage(): void {
  if (monaco.languages.getLanguages().some(({ id }) => id === languageId)) return;
  monaco.languages.register({ id: languageId, extensions: [".ward"], aliases: ["Wardline"] });
  monaco.languages.setMonarchTokensProvider(
    languageId,
    JSON.parse(grammar) as monaco.languages.IMonarchLanguage,
  );
  monaco.languages.setLanguageConfiguration(languageId, {
    comments: { lineComment: "//" },
    brackets: [
      ["{", "}"],
      ["(", ")"],
      ["[", "]"],
    ],
    autoClosingPairs: [
      { open: "{", close: "}" },
      { open: "(", close: ")" },
      { open: "[", close: "]" },
      { open: '"', close: '"', notIn: ["string", "comment"] },
    ],
    wordPattern: /[A-Za-z_]\w*/,
    onEnterRules: [
      {
        beforeText: /^\s*\/\/\/.*$/,
        action: { indentAction: monaco.languages.IndentAction.None, appendText: "/// " },
      },
    ],
  });
}
