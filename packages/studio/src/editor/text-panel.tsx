/** The text of the chosen file in Monaco, live with the cards. */
import { useEffect, useRef, useState } from "react";
import { useStudio } from "../session/use-studio.ts";
import type { Selection } from "../screens/policy/use-selection.ts";
import { connectEditor } from "./connect-editor.ts";
import { monaco } from "./monaco.ts";
import type { TextModels } from "./text-models.ts";
import "./text-panel.css";

export interface TextPanelProps {
  readonly selection: Selection;
  readonly readOnly: boolean;
}

export function TextPanel({ selection, readOnly }: TextPanelProps) {
  const { session, file, store } = useStudio();
  const place = useRef<HTMLDivElement>(null);
  const [models, setModels] = useState<TextModels | null>(null);
  const [editor, setEditor] = useState<monaco.editor.IStandaloneCodeEditor | null>(null);
  const selectText = useRef(selection.selectText);
  selectText.current = selection.selectText;

  useEffect(() => {
    let wanted = true;
    void connectEditor(session).then((opened) => wanted && setModels(opened));
    return () => {
      wanted = false;
    };
  }, [session]);

  useEffect(() => {
    if (place.current === null) return;
    const made = openEditor(place.current);
    made.onDidChangeCursorPosition(({ position, reason, source }) => {
      const model = made.getModel();
      if (model === null || source === "api" || !made.hasTextFocus()) return;
      if (reason === monaco.editor.CursorChangeReason.Explicit) store.pause();
      selectText.current(model.getOffsetAt(position));
    });
    const stop = store.subscribe(({ kind, steps }) => {
      const last = steps.at(-1);
      const model = made.getModel();
      // Who undoes looks for what came back; a rename or a format leaves the caret where it is.
      if ((kind !== "undo" && kind !== "redo") || last === undefined || model === null) return;
      if (!made.hasTextFocus()) return;
      const position = model.getPositionAt(last.start + last.inserted.length);
      made.setPosition(position, "api");
      made.revealPositionInCenterIfOutsideViewport(position);
    });
    setEditor(made);
    return () => {
      stop();
      made.dispose();
    };
  }, [store]);

  useEffect(() => {
    if (editor === null || models === null) return;
    const started = editor.onDidCompositionStart(models.gestures.startComposition);
    const ended = editor.onDidCompositionEnd(models.gestures.endComposition);
    return () => {
      started.dispose();
      ended.dispose();
    };
  }, [editor, models]);

  const model = models?.of(file);
  useEffect(() => {
    editor?.setModel(model ?? null);
    editor?.updateOptions({ ariaLabel: `Text of ${file}. Press Ctrl+M so that Tab leaves the editor.` });
  }, [editor, model, file]);
  useEffect(() => editor?.updateOptions({ readOnly, domReadOnly: readOnly }), [editor, readOnly]);
  useShownLines(editor, model, selection.shown);

  return (
    <section className="text-panel" aria-label="Text">
      {models !== null && model === undefined && <MixedEnds />}
      <div
        ref={place}
        className="text-editor"
        data-text-editor
        hidden={models !== null && model === undefined}
      />
      <p className="text-foot">
        <kbd>Ctrl</kbd>+<kbd>M</kbd>: Tab leaves the text · <kbd>Ctrl</kbd>+<kbd>Space</kbd>: what may stand
        here · <kbd>F1</kbd>: all commands
      </p>
    </section>
  );
}

function openEditor(place: HTMLElement): monaco.editor.IStandaloneCodeEditor {
  return monaco.editor.create(place, {
    model: null,
    automaticLayout: true,
    accessibilitySupport: "auto",
    // The theme follows forced colours by itself.
    autoDetectHighContrast: false,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    wordWrap: "on",
    wrappingIndent: "indent",
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--code"),
    fontSize: 13.5,
    lineHeight: 21,
    padding: { top: 12, bottom: 12 },
    lineNumbersMinChars: 3,
    folding: true,
    renderLineHighlight: "line",
    overviewRulerBorder: false,
    renderFinalNewline: "on",
    hideCursorInOverviewRuler: true,
    bracketPairColorization: { enabled: false },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
    "semanticHighlighting.enabled": true,
    unusualLineTerminators: "off",
    wordBasedSuggestions: "off",
    fixedOverflowWidgets: true,
    tabSize: 2,
    insertSpaces: true,
    detectIndentation: false,
    quickSuggestions: { other: true, comments: false, strings: false },
    smoothScrolling: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
}

/** The lines of the chosen card are marked and brought into view. */
function useShownLines(
  editor: monaco.editor.IStandaloneCodeEditor | null,
  model: monaco.editor.ITextModel | undefined,
  shown: Selection["shown"],
): void {
  useEffect(() => {
    if (editor === null || model === undefined || shown === null || editor.getModel() !== model) return;
    const range = monaco.Range.fromPositions(
      model.getPositionAt(shown.start),
      model.getPositionAt(shown.end),
    );
    const marks = editor.createDecorationsCollection([
      {
        range,
        options: { isWholeLine: true, className: "shown-lines", linesDecorationsClassName: "shown-edge" },
      },
    ]);
    editor.revealRangeInCenterIfOutsideViewport(range, monaco.editor.ScrollType.Smooth);
    if (shown.focus) {
      editor.setPosition(range.getStartPosition(), "api");
      editor.focus();
    }
    return () => marks.clear();
  }, [editor, model, shown]);
}

function MixedEnds() {
  return (
    <p className="notice">
      This text mixes two kinds of line ends, which an editor would change by opening it. Change it by its
      cards, or make its line ends alike with another editor.
    </p>
  );
}
