/** Light, dark, or as the system has it. */
import { useState } from "react";
import { Choice } from "../controls/choice.tsx";
import { chosenOf, keepChoice, showTheme, themes, type Theme } from "../session/preferences.ts";

const words: { readonly [Name in Theme]: string } = { system: "As the system", light: "Light", dark: "Dark" };

export function ThemeChoice() {
  const [theme, setTheme] = useState(() => chosenOf("theme", themes));
  return (
    <Choice
      label="Colours"
      quiet
      chosen={theme}
      options={themes.map((id) => ({ id, label: words[id] }))}
      choose={(id) => {
        const next = themes.find((name) => name === id) ?? "system";
        setTheme(next);
        keepChoice("theme", next);
        showTheme(next);
      }}
    />
  );
}
