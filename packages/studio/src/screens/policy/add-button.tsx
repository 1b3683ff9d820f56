/** A button that adds something; where one of several must be chosen, it asks for it first. */
import type { ListName } from "@wardline/language-server";
import { useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { EscapeCloses } from "../../controls/escape-closes.tsx";
import { PlusIcon } from "../../controls/icons.tsx";
import { optionsIn, useCardList } from "./card-list-context.ts";
import { OneForm } from "./pickers/one-form.tsx";
import { Refused } from "./refused.tsx";

export interface AddButtonProps {
  readonly label: string;
  readonly choices: ListName | null;
  readonly add: (choice: string | null) => Promise<string | null>;
  readonly className?: string;
  /** The line that it is put to, where several have such a button. */
  readonly of?: string;
  /** Where there is no room for the words. */
  readonly iconOnly?: boolean;
}

export function AddButton({
  label,
  choices,
  add,
  of,
  iconOnly = false,
  className = iconOnly ? "button bare icon-button" : "button bare add",
}: AddButtonProps) {
  const name = of === undefined ? label : `${label}: ${of}`;
  const list = useCardList();
  const [open, setOpen] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const choose = async (choice: string | null) => {
    const problem = await add(choice);
    setRefused(problem);
    if (problem === null) setOpen(false);
  };
  const problem = <Refused why={refused} />;
  const inside = iconOnly ? (
    <span className="icon-alone" title={label}>
      <PlusIcon />
    </span>
  ) : (
    <>
      <PlusIcon />
      {label}
    </>
  );
  if (choices === null)
    return (
      <>
        <Button className={className} aria-label={name} onPress={() => void choose(null)}>
          {inside}
        </Button>
        {problem}
      </>
    );
  return (
    <DialogTrigger
      isOpen={open}
      onOpenChange={(next) => {
        setRefused(null);
        setOpen(next);
      }}
    >
      <Button className={className} aria-label={name}>
        {inside}
      </Button>
      <Popover className="popover picker-popover" placement="bottom start">
        <Dialog className="picker" aria-label={label}>
          <EscapeCloses close={() => setOpen(false)} />
          <OneForm
            label={label}
            options={optionsIn(list, choices)}
            value={null}
            set={(choice) => void choose(typeof choice === "string" ? choice : null)}
          />
          {problem}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
