/** Which two versions are compared. */
import { Button, FileTrigger } from "react-aria-components";
import { Choice, type ChoiceOption } from "../../controls/choice.tsx";
import type { ChosenVersions, VersionName } from "./use-versions.ts";

const names: readonly VersionName[] = ["saved", "edited", "picked"];

export function VersionBar({ before, after, picked, choose, pick }: ChosenVersions) {
  const options: readonly ChoiceOption[] = [
    { id: "saved", label: "As it was saved" },
    { id: "edited", label: "As it is edited now" },
    ...(picked === null ? [] : [{ id: "picked", label: picked.name, hint: `in place of ${picked.file}` }]),
  ];
  const chooser = (side: "before" | "after", label: string, chosen: VersionName) => (
    <div className="field">
      <span className="field-label">{label}</span>
      <Choice
        label={label}
        chosen={chosen}
        options={options}
        choose={(id) => choose(side, names.find((name) => name === id) ?? chosen)}
      />
    </div>
  );
  return (
    <div className="toolbar" role="group" aria-label="Versions">
      {chooser("before", "Before", before)}
      {chooser("after", "After", after)}
      <FileTrigger
        acceptedFileTypes={[".ward"]}
        onSelect={(files) => {
          const file = files?.[0];
          if (file !== undefined) void file.text().then((text) => pick(file.name, text));
        }}
      >
        <Button className="button">Compare with a file …</Button>
      </FileTrigger>
    </div>
  );
}
