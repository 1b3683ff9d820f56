/** A statement as a card: what it is, the sentence with its pickers, what can be added, and what is wrong with it. */
import { useEffect, useId, useRef } from "react";
import { CodeWords } from "../../controls/code-words.tsx";
import { LockIcon } from "../../controls/icons.tsx";
import { AddButton } from "./add-button.tsx";
import { CardButtons } from "./card-buttons.tsx";
import { CardFindings } from "./card-findings.tsx";
import { useCardList } from "./card-list-context.ts";
import type { ShownCard } from "./keep-cards.ts";
import { KindMark } from "./kind-mark.tsx";
import { PartList } from "./part-list.tsx";

export interface CardViewProps {
  readonly card: ShownCard;
  readonly selected: boolean;
  /** The card was chosen elsewhere, by the caret in the text: it is scrolled to. */
  readonly reveal: boolean;
  readonly select: () => void;
  readonly showText: () => void;
}

export function CardView({ card, selected, reveal, select, showText }: CardViewProps) {
  const { edit, readOnly } = useCardList();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (reveal) place.current?.scrollIntoView({ block: "nearest" });
  }, [reveal]);
  const title = useId();
  const own = card.additions.filter(({ part }) => part === null);
  return (
    <article
      ref={place}
      className={`card kind-${card.kind}`}
      data-selected={selected}
      aria-labelledby={title}
      onClick={select}
      onFocus={select}
    >
      <header className="card-head">
        <h2 id={title} className="card-title">
          <KindMark kind={card.kind} heading={card.heading} />
          <span className="card-name">{nameOf(card)}</span>
        </h2>
        {!readOnly && <CardButtons card={card} showText={showText} />}
      </header>
      {card.locked === null && card.documentation !== null && (
        <p className="card-documentation">{card.documentation}</p>
      )}
      {card.locked === null && card.comments.length > 0 && (
        <p className="card-comments">{card.comments.join(" ")}</p>
      )}
      {card.locked === null ? (
        <PartList card={card} parts={card.parts} />
      ) : (
        <LockedText card={card} reason={card.locked.reason} />
      )}
      {!readOnly && own.length > 0 && (
        <div className="additions">
          {own.map(({ id, label, choices }) => (
            <AddButton
              key={id}
              label={label}
              choices={choices}
              add={(choice) => edit({ kind: "add", card: card.id, addition: id, choice }, label)}
            />
          ))}
        </div>
      )}
      <CardFindings card={card} />
    </article>
  );
}

function nameOf({ kind, name }: ShownCard): string {
  return kind === "test" ? (name ?? "") : (name ?? "").replaceAll("_", " ");
}

function LockedText({ card, reason }: { readonly card: ShownCard; readonly reason: string }) {
  return (
    <div className="locked">
      <p className="locked-reason">
        <LockIcon />
        <span>
          <CodeWords text={reason} />
        </span>
      </p>
      <pre className="text-box" tabIndex={0} role="region" aria-label={`Text of ${card.summary}`}>
        {card.text}
      </pre>
    </div>
  );
}
