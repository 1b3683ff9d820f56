/** A text to read, copy and take along. Lines that name a rule lead to where it stands. */
import type { RulePlace } from "@wardline/language-server";
import { memo, useMemo } from "react";
import { Button } from "react-aria-components";
import { PlaceLink } from "../../evidence/place-link.tsx";
import { download } from "../../host/download.ts";
import { useStudio } from "../../session/use-studio.ts";
import { highlight, type Language } from "./highlight.ts";

export interface TextPaneProps {
  readonly title: string;
  readonly text: string;
  readonly language: Language;
  readonly places?: readonly RulePlace[];
  /** The name of the file that is downloaded; null: it is only copied. */
  readonly fileName: string | null;
}

export function TextPane({ title, text, language, places = [], fileName }: TextPaneProps) {
  const { announce } = useStudio();
  const lines = useMemo(() => (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n"), [text]);
  const byLine = useMemo(() => new Map(places.map((place) => [place.line, place])), [places]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => announce(`${title} copied.`),
      () => announce("The browser did not allow copying. Select the text instead."),
    );
  };
  return (
    <figure className="text-pane">
      <figcaption>
        <strong>{title}</strong>
        <span className="soft">{lines.length === 1 ? "1 line" : `${lines.length} lines`}</span>
        <Button className="button" onPress={copy}>
          Copy
        </Button>
        {fileName !== null && (
          <Button className="button" onPress={() => download(fileName, text)}>
            Download
          </Button>
        )}
      </figcaption>
      {/* A region that scrolls can be reached with the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={title}>
        {lines.map((line, index) => (
          <Line key={index} line={line} language={language} place={byLine.get(index + 1)} />
        ))}
      </pre>
    </figure>
  );
}

interface LineProps {
  readonly line: string;
  readonly language: Language;
  readonly place: RulePlace | undefined;
}

const Line = memo(function Line({ line, language, place }: LineProps) {
  return (
    <>
      {highlight(language, line).map(({ text, kind }, index) =>
        kind === null ? (
          text
        ) : (
          <span key={index} className={`part-${kind}`}>
            {text}
          </span>
        ),
      )}
      {place !== undefined && (
        <span className="line-place">
          {" "}
          <PlaceLink file={place.file} line={place.fileLine} what={place.rule} />
        </span>
      )}
      {"\n"}
    </>
  );
});
