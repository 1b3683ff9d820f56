/** A line of a card: words and pickers, and what can be done with the whole line. */
import type { Addition, Part } from "@wardline/language-server";
import { useState, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { Choice } from "../../controls/choice.tsx";
import { CrossIcon, SwapIcon } from "../../controls/icons.tsx";
import { AddButton } from "./add-button.tsx";
import { useCardList } from "./card-list-context.ts";
import { Refused } from "./refused.tsx";
import { SlotView } from "./slot-view.tsx";

export interface PartViewProps {
  readonly card: string;
  readonly part: Part;
  /** What can be put to this line. */
  readonly additions: readonly Addition[];
  /** The lines that belong to it. */
  readonly children: ReactNode;
}

const names: { readonly [Kind in Part["kind"]]: string } = {
  head: "the rule",
  condition: "this condition",
  group: "these conditions",
  obligation: "this requirement",
  because: "the reason",
  trusting: "whom it trusts",
  entry: "this line",
  step: "this step",
};

export function PartView({ card, part, additions, children }: PartViewProps) {
  const { edit, readOnly } = useCardList();
  const [refused, setRefused] = useState<string | null>(null);
  const name = names[part.kind];
  const remove = async () =>
    setRefused(await edit({ kind: "remove", card, part: part.id }, `Remove ${name}`));
  const negate = async () =>
    setRefused(await edit({ kind: "negate", card, part: part.id }, `Turn ${name} round`));
  const words = part.segments
    .map((segment) => (segment.kind === "words" ? segment.text : segment.shown))
    .join(" ")
    .replaceAll(/ (?=[,.;:)])/g, "");
  // A line that has none below it, and a group, whose lines may be many, have room for a sign alone.
  const onLine = children === null || part.group !== null;
  const adding = !readOnly && additions.length > 0 && (
    <span className="additions">
      {additions.map(({ id, label, choices }) => (
        <AddButton
          key={id}
          label={label}
          of={words}
          iconOnly={onLine}
          choices={choices}
          add={(choice) => edit({ kind: "add", card, addition: id, choice }, label)}
        />
      ))}
    </span>
  );
  return (
    <li className={`part ${part.kind}`}>
      <div className="part-line">
        <span className="sentence">
          {part.segments.map((segment, index) =>
            segment.kind === "words" ? (
              <span
                key={`${index} ${segment.text}`}
                className={/^[,.;:)]/.test(segment.text) && index > 0 ? "tight" : ""}
              >
                {index === 0 ? segment.text.replace(/^[,\s]+/, "") : segment.text}{" "}
              </span>
            ) : (
              <span key={segment.id}>
                <SlotView card={card} slot={segment} />{" "}
              </span>
            ),
          )}
        </span>
        {!readOnly && part.group !== null && <GroupChoice card={card} part={part} group={part.group} />}
        {onLine && adding}
        {!readOnly && (part.canNegate || part.canRemove) && (
          <span className="part-buttons">
            {part.canNegate && (
              <Button
                className="button bare icon-button"
                aria-label={`Turn into the opposite: ${words}`}
                onPress={() => void negate()}
              >
                <SwapIcon />
              </Button>
            )}
            {part.canRemove && (
              <Button
                className="button bare icon-button"
                aria-label={`Remove ${name}: ${words}`}
                onPress={() => void remove()}
              >
                <CrossIcon />
              </Button>
            )}
          </span>
        )}
        <Refused why={refused} />
      </div>
      {children}
      {!onLine && adding}
    </li>
  );
}

interface GroupChoiceProps extends Pick<PartViewProps, "card" | "part"> {
  readonly group: "all" | "any";
}

function GroupChoice({ card, part, group }: GroupChoiceProps) {
  const { edit } = useCardList();
  return (
    <Choice
      label="How many of these must hold"
      quiet
      chosen={group}
      options={[
        { id: "all", label: "all of these" },
        { id: "any", label: "any of these" },
      ]}
      choose={(id) =>
        void edit(
          { kind: "group", card, part: part.id, of: id === "any" ? "any" : "all" },
          "Change how many conditions must hold",
        )
      }
    />
  );
}
