/** The text editor's colours: those of the page, light or dark; the system's own where it forces colours. */
import { monaco } from "./monaco.ts";

interface Palette {
  readonly base: "vs" | "vs-dark";
  readonly ink: string;
  readonly soft: string;
  readonly sheet: string;
  readonly line: string;
  readonly wash: string;
  readonly accent: string;
  readonly type: string;
  readonly text: string;
  readonly number: string;
  readonly wrong: string;
}

const palettes: { readonly [Name in "light" | "dark"]: Palette } = {
  light: {
    base: "vs",
    ink: "1c1e24",
    soft: "5d626d",
    sheet: "ffffff",
    line: "e2e3e8",
    wash: "eceefc",
    accent: "3d4fd1",
    type: "0b6b74",
    text: "17713d",
    number: "8a4b00",
    wrong: "b3261e",
  },
  dark: {
    base: "vs-dark",
    ink: "eceef2",
    soft: "a0a6b2",
    sheet: "1b1d22",
    line: "2e323a",
    wash: "272c4a",
    accent: "a5b0ff",
    type: "76d0d8",
    text: "6fd39a",
    number: "f1bf6a",
    wrong: "ff9d94",
  },
};

export function defineThemes(): void {
  for (const [name, colours] of Object.entries(palettes)) {
    const { base, ink, soft, sheet, line, wash, accent, type, text, number, wrong } = colours;
    const rule = (token: string, foreground: string, fontStyle = "") => ({ token, foreground, fontStyle });
    monaco.editor.defineTheme(`wardline-${name}`, {
      base,
      inherit: false,
      rules: [
        rule("", ink),
        rule("keyword", accent, "bold"),
        rule("operator", accent),
        rule("variable.predefined", accent),
        rule("type", type),
        rule("class", type),
        rule("enumMember", number),
        rule("property", ink),
        rule("function", ink, "bold"),
        rule("tag", number),
        rule("annotation", number),
        rule("decorator", number),
        rule("string", text),
        rule("number", number),
        rule("constant", number),
        rule("comment", soft, "italic"),
        rule("comment.doc", soft),
        rule("invalid", wrong, "underline"),
      ],
      colors: {
        "editor.background": `#${sheet}`,
        "editor.foreground": `#${ink}`,
        "editorLineNumber.foreground": `#${soft}`,
        "editorLineNumber.activeForeground": `#${ink}`,
        "editorLineNumber.dimmedForeground": `#${soft}`,
        "editor.lineHighlightBackground": "#00000000",
        "editor.lineHighlightBorder": `#${line}`,
        "editor.selectionBackground": `#${accent}40`,
        "editor.wordHighlightBackground": `#${wash}`,
        "editor.wordHighlightBorder": `#${accent}66`,
        "editor.wordHighlightStrongBackground": `#${wash}`,
        "editor.wordHighlightStrongBorder": `#${accent}`,
        "editor.wordHighlightTextBackground": `#${wash}`,
        "editor.wordHighlightTextBorder": `#${accent}66`,
        "editor.rangeHighlightBackground": `#${wash}`,
        "editor.symbolHighlightBackground": `#${wash}`,
        "peekView.border": `#${accent}`,
        "peekViewTitle.background": `#${wash}`,
        "peekViewTitleLabel.foreground": `#${ink}`,
        "peekViewTitleDescription.foreground": `#${ink}`,
        "peekViewEditor.background": `#${sheet}`,
        "peekViewEditorGutter.background": `#${sheet}`,
        "peekViewEditor.matchHighlightBackground": `#${wash}`,
        "peekViewEditor.matchHighlightBorder": `#${accent}`,
        "peekViewResult.background": `#${sheet}`,
        "peekViewResult.lineForeground": `#${ink}`,
        "peekViewResult.fileForeground": `#${ink}`,
        "peekViewResult.matchHighlightBackground": `#${accent}33`,
        "peekViewResult.selectionBackground": `#${wash}`,
        "peekViewResult.selectionForeground": `#${ink}`,
        "badge.background": `#${accent}`,
        "badge.foreground": `#${sheet}`,
        "pickerGroup.foreground": `#${accent}`,
        "quickInputList.focusBackground": `#${wash}`,
        "quickInputList.focusForeground": `#${ink}`,
        "input.background": `#${sheet}`,
        "input.foreground": `#${ink}`,
        "input.border": `#${soft}`,
        "input.placeholderForeground": `#${soft}`,
        descriptionForeground: `#${soft}`,
        "keybindingLabel.background": `#${wash}`,
        "keybindingLabel.foreground": `#${ink}`,
        "textLink.foreground": `#${accent}`,
        "textLink.activeForeground": `#${accent}`,
        "editorCodeLens.foreground": `#${soft}`,
        "editorInlayHint.foreground": `#${soft}`,
        "editorInlayHint.background": `#${wash}`,
        "editorWidget.background": `#${sheet}`,
        "editorWidget.foreground": `#${ink}`,
        "editorWidget.border": `#${line}`,
        "editorError.foreground": `#${wrong}`,
        "editorWarning.foreground": `#${number}`,
        "list.activeSelectionBackground": `#${wash}`,
        "list.activeSelectionForeground": `#${ink}`,
        "list.focusBackground": `#${wash}`,
        "list.focusForeground": `#${ink}`,
        "list.hoverBackground": `#${wash}`,
        "list.highlightForeground": `#${accent}`,
        "editorSuggestWidget.selectedBackground": `#${wash}`,
        "editorSuggestWidget.selectedForeground": `#${ink}`,
        "editorSuggestWidget.focusHighlightForeground": `#${accent}`,
        "editorSuggestWidget.highlightForeground": `#${accent}`,
        "menu.background": `#${sheet}`,
        "menu.foreground": `#${ink}`,
        "menu.selectionBackground": `#${wash}`,
        "menu.selectionForeground": `#${ink}`,
        focusBorder: `#${accent}`,
      },
    });
  }
}

/** Keeps the editor's theme at that of the page. */
export function followTheme(): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const forced = matchMedia("(forced-colors: active)");
  const show = () => {
    const chosen = document.documentElement.dataset["theme"];
    // Forced colours are the system's, light or dark, whatever was chosen here.
    const isDark = forced.matches || chosen === undefined ? dark.matches : chosen === "dark";
    if (forced.matches) monaco.editor.setTheme(isDark ? "hc-black" : "hc-light");
    else monaco.editor.setTheme(isDark ? "wardline-dark" : "wardline-light");
  };
  const observer = new MutationObserver(show);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  for (const query of [dark, forced]) query.addEventListener("change", show);
  show();
  return () => {
    observer.disconnect();
    for (const query of [dark, forced]) query.removeEventListener("change", show);
  };
}
