/** A word of the sentence that is picked: a button that opens its picker. */
import type { Slot, SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useCardList } from "./card-list-context.ts";
import { EscapeCloses } from "../../controls/escape-closes.tsx";
import { Refused } from "./refused.tsx";
import { PickerForm } from "./pickers/picker-form.tsx";

export interface SlotViewProps {
  readonly card: string;
  readonly slot: Slot;
}

export function SlotView({ card, slot }: SlotViewProps) {
  const { edit, readOnly } = useCardList();
  const [open, setOpen] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  if (readOnly) return <strong className="slot-words">{slot.shown}</strong>;
  const set = async (value: SlotValue) => {
    const problem = same(value, slot.value)
      ? null
      : await edit({ kind: "set", card, slot: slot.id, value }, `Change ${slot.label.toLowerCase()}`);
    setRefused(problem);
    if (problem === null) setOpen(false);
  };
  return (
    <DialogTrigger
      isOpen={open}
      onOpenChange={(next) => {
        setRefused(null);
        setOpen(next);
      }}
    >
      <Button
        className="slot"
        aria-label={`${slot.label}: ${slot.shown === "" ? "nothing chosen" : slot.shown}`}
      >
        {slot.shown === "" ? "choose" : slot.shown}
      </Button>
      <Popover className="popover picker-popover" placement="bottom start">
        <Dialog className="picker" aria-label={slot.label}>
          <EscapeCloses close={() => setOpen(false)} />
          <PickerForm
            label={slot.label}
            picker={slot.picker}
            value={slot.value}
            set={(value) => void set(value)}
          />
          <Refused why={refused} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function same(one: SlotValue, other: SlotValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
