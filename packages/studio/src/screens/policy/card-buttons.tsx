/** What can be done with a whole card: move it, and behind one button rename, describe, remove, see its text. */
import { useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { DownIcon, MoreIcon, UpIcon } from "../../controls/icons.tsx";
import { useCardList } from "./card-list-context.ts";
import type { ShownCard } from "./keep-cards.ts";
import { CardTextDialog } from "./card-text-dialog.tsx";
import { Refused } from "./refused.tsx";

export interface CardButtonsProps {
  readonly card: ShownCard;
  readonly showText: () => void;
}

export function CardButtons({ card, showText }: CardButtonsProps) {
  const { edit } = useCardList();
  const [asks, setAsks] = useState<"rename" | "document" | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const { id, can } = card;
  const does = async (answer: Promise<string | null>) => setRefused(await answer);
  const move = (to: "up" | "down") => does(edit({ kind: "moveCard", card: id, to }, `Move a card ${to}`));
  const called = card.name ?? "a card";
  const actions: Readonly<Record<string, () => void>> = {
    rename: () => setAsks("rename"),
    document: () => setAsks("document"),
    text: showText,
    copy: () => void does(edit({ kind: "copyCard", card: id }, `Copy ${called}`)),
    remove: () => void does(edit({ kind: "removeCard", card: id }, `Remove ${called}`)),
  };
  return (
    <div className="card-buttons">
      <Button
        className="button bare icon-button"
        aria-label={`Move up: ${card.summary}`}
        isDisabled={!can.moveUp}
        onPress={() => void move("up")}
      >
        <UpIcon />
      </Button>
      <Button
        className="button bare icon-button"
        aria-label={`Move down: ${card.summary}`}
        isDisabled={!can.moveDown}
        onPress={() => void move("down")}
      >
        <DownIcon />
      </Button>
      <MenuTrigger>
        <Button className="button bare icon-button" aria-label={`More for: ${card.summary}`}>
          <MoreIcon />
        </Button>
        <Popover className="popover">
          <Menu className="options menu" onAction={(key) => actions[String(key)]?.()}>
            {can.rename && (
              <MenuItem id="rename" className="option">
                Rename
              </MenuItem>
            )}
            {can.document && (
              <MenuItem id="document" className="option">
                Describe
              </MenuItem>
            )}
            {can.copy && (
              <MenuItem id="copy" className="option">
                Make a copy
              </MenuItem>
            )}
            <MenuItem id="text" className="option">
              Show its text
            </MenuItem>
            {can.remove && (
              <MenuItem id="remove" className="option danger">
                Remove
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {asks !== null && <CardTextDialog card={card} asks={asks} close={() => setAsks(null)} />}
      <Refused why={refused} />
    </div>
  );
}
