/** From one time of the day to another; around midnight where it ends before it begins. */
import type { SlotValue } from "@wardline/language-server";
import { useState } from "react";
import { Button } from "react-aria-components";
import { Field } from "../../../controls/field.tsx";

export interface TimeRangeFormProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: SlotValue) => void;
}

export function TimeRangeForm({ label, value, set }: TimeRangeFormProps) {
  const [first = "", second = ""] = value.split("..");
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(second);
  const [asked, setAsked] = useState(false);
  const missing = (time: string) => (asked && !/^\d\d:\d\d$/.test(time) ? "Give a time" : null);
  const complete = /^\d\d:\d\d$/.test(from) && /^\d\d:\d\d$/.test(to);
  return (
    <form
      className="picker-form"
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (complete) set(`${from}..${to}`);
      }}
    >
      <div className="picker-row">
        <Field label="From" type="time" value={from} onChange={setFrom} problem={missing(from)} autoFocus />
        <Field label="Until" type="time" value={to} onChange={setTo} problem={missing(to)} />
      </div>
      <p className="field-hint">
        {complete && to < from ? "Over midnight, until the next day" : "Up to the end, without it"}
      </p>
      <Button type="submit" className="button main">
        Set
      </Button>
    </form>
  );
}
