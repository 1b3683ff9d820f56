/** Whom a rule is about: some, or anyone except some. */
import type { Option, SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { OptionPicker } from "../../../controls/option-picker.tsx";
import { keepOrder } from "./many-form.tsx";

export interface WhoFormProps {
  readonly label: string;
  readonly options: readonly Option[];
  /** Who can be excepted from anyone. */
  readonly except: readonly Option[];
  /** Names; or `anyone` and the names of those who are excepted. */
  readonly value: readonly string[];
  readonly set: (value: SlotValue) => void;
}

const anyone = "anyone";

export function WhoForm({ label, options, except, value, set }: WhoFormProps) {
  const [open, setOpen] = useState(value.includes(anyone));
  const [named, setNamed] = useState<readonly string[]>(value.filter((id) => id !== anyone));
  const offered = (open ? except : options).filter(({ id }) => id !== anyone);
  const nobody = !open && named.length === 0;
  return (
    <div className="picker-form">
      <ToggleButtonGroup
        className="toggles"
        aria-label={label}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[open ? "anyone" : "some"]}
        onSelectionChange={([key]) => {
          setOpen(key === "anyone");
          setNamed([]);
        }}
      >
        <ToggleButton id="some" className="toggle">
          These
        </ToggleButton>
        <ToggleButton id="anyone" className="toggle">
          Anyone
        </ToggleButton>
      </ToggleButtonGroup>
      {open && (
        <p className="field-hint">Anyone, except whom you choose here. Choose nobody for everybody.</p>
      )}
      <OptionPicker
        key={String(open)}
        label={open ? "Except" : label}
        options={offered}
        mode="multiple"
        chosen={named}
        choose={(next) => setNamed(keepOrder(named, next))}
      />
      <div className="picker-foot">
        {nobody && <p className="field-hint">Choose at least one</p>}
        <Button
          className="button main"
          isDisabled={nobody}
          onPress={() => set(open ? [anyone, ...named] : named)}
        >
          Set
        </Button>
      </div>
    </div>
  );
}
