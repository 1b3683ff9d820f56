/** Asks for a card's name or description. */
import type { CardEdit } from "@wardline/language-server";
import { useState } from "react";
import { Field } from "../../controls/field.tsx";
import { FormDialog } from "../../controls/form-dialog.tsx";
import { writtenAs, writtenName } from "../../controls/written-name.ts";
import { useCardList } from "./card-list-context.ts";
import type { ShownCard } from "./keep-cards.ts";

export interface CardTextDialogProps {
  readonly card: ShownCard;
  readonly asks: "rename" | "document";
  readonly close: () => void;
}

const words = {
  rename: {
    title: "Rename",
    label: "Name",
    hint: "Decisions and logs show it. It changes wherever it stands.",
  },
  document: {
    title: "Describe",
    label: "What it is for",
    hint: "For people who read it later. Empty takes it away.",
  },
} as const;

export function CardTextDialog({ card, asks, close }: CardTextDialogProps) {
  const { edit } = useCardList();
  const [text, setText] = useState(asks === "rename" ? (card.name ?? "") : (card.documentation ?? ""));
  const [refused, setRefused] = useState<string | null>(null);
  const { title, label } = words[asks];
  const hint = (asks === "rename" ? writtenAs(text) : null) ?? words[asks].hint;
  const submit = async () => {
    if (asks === "rename" && writtenName(text) === "") {
      setRefused("Write a name with a letter in it.");
      return;
    }
    const change: CardEdit =
      asks === "rename"
        ? { kind: "rename", card: card.id, name: writtenName(text) }
        : { kind: "document", card: card.id, text };
    const problem = await edit(change, `${title} ${card.name ?? "a card"}`);
    setRefused(problem);
    if (problem === null) close();
  };
  return (
    <FormDialog title={title} does={title} submit={() => void submit()} close={close}>
      <Field
        label={label}
        value={text}
        onChange={setText}
        lines={asks === "document" ? "many" : "one"}
        hint={hint}
        problem={refused}
        autoFocus
      />
    </FormDialog>
  );
}
