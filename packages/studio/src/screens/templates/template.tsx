/** One template: its form, what it adds, what access changes. */
import type {
  AppliedTemplate,
  OfferedTemplate,
  TemplateChange,
  TemplateValue,
} from "@wardline/language-server";
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useStudio } from "../../session/use-studio.ts";
import { FactField } from "../try-it/fact-field.tsx";

export interface TemplateProps {
  readonly tenant: string;
  readonly template: OfferedTemplate;
  readonly close: () => void;
}

type Values = Readonly<Record<string, TemplateValue | null>>;

export function Template({ tenant, template, close }: TemplateProps) {
  const { id, title, summary, parameters } = template;
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
  );
  const preview = usePreview(tenant, id, values);
  const { add, added } = useAdding(template);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  // Where there is one to choose there is nothing to ask.
  const asked = parameters.filter(({ picker }) => picker.kind !== "one" || picker.options.length > 1);
  return (
    <section className="template" aria-labelledby="template-title">
      <Button className="button bare back" onPress={close}>
        ← All templates
      </Button>
      <div>
        <h2 id="template-title" tabIndex={-1} ref={heading}>
          {title}
        </h2>
        <p className="soft">{summary}</p>
      </div>
      <div className="template-columns">
        <form className="template-form" onSubmit={(event) => event.preventDefault()}>
          {asked.map(({ name, label, documentation, picker, optional }) => (
            <FactField
              key={name}
              label={label}
              documentation={documentation}
              picker={picker}
              optional={optional}
              value={values[name] ?? null}
              change={(value) => setValues({ ...values, [name]: value as TemplateValue | null })}
            />
          ))}
        </form>
        <div className="template-preview" aria-live="polite">
          {added === null ? <Preview preview={preview} add={add} /> : <Added text={added} close={close} />}
        </div>
      </div>
    </section>
  );
}

/** An applied template, and the revision that its edits count on. */
type Made = AppliedTemplate & { readonly made: number };

type PreviewState = Made | { readonly refused: string } | null;

/** The text at once, and what it changes when nobody chooses on for a moment. */
function usePreview(tenant: string, template: string, values: Values): PreviewState {
  const { request, store, revision } = useStudio();
  const [preview, setPreview] = useState<PreviewState>(null);
  useEffect(() => {
    let wanted = true;
    const look = async (whole: boolean) => {
      const made = store.revision;
      const params = { tenant, template, values, preview: whole };
      const result = await request("wardline/applyTemplate", params).catch((error: unknown) => ({
        refused: String(error),
      }));
      if (!wanted) return;
      // The text alone says less than all that was answered before it.
      if (whole) wanted = false;
      setPreview("refused" in result ? result : { ...result, made });
    };
    void look(false);
    const later = setTimeout(() => void look(true), 300);
    return () => {
      wanted = false;
      clearTimeout(later);
    };
  }, [request, store, tenant, template, values, revision]);
  return preview;
}

function useAdding({ title }: OfferedTemplate) {
  const { store, announce } = useStudio();
  const [added, setAdded] = useState<string | null>(null);
  const add = (applied: Made) => {
    // Where the text has changed meanwhile another preview is on its way.
    if (!store.edit({ label: `Add “${title}”`, edits: applied.edits }, null, applied.made)) return;
    setAdded(applied.text);
    announce(`Added: ${title}`);
  };
  return { add, added };
}

function Preview({
  preview,
  add,
}: {
  readonly preview: PreviewState;
  readonly add: (applied: Made) => void;
}) {
  if (preview === null) return <p className="loading">Writing the rule …</p>;
  if ("refused" in preview)
    return (
      <p className="notice" role="alert">
        {preview.refused}
      </p>
    );
  const { text, warnings, failing, broken, changes } = preview;
  return (
    <>
      <h3>What is added</h3>
      <pre className="text-box" tabIndex={0} role="region" aria-label="What is added">
        {text}
      </pre>
      <h3>What changes</h3>
      {changes === null ? (
        <p className="loading">Looking what it changes …</p>
      ) : (
        <Changes changes={changes} />
      )}
      <Remarks title="Promises that would not hold" remarks={broken} />
      <Remarks title="Tests that would fail" remarks={failing} />
      <Remarks title="Worth a look" remarks={warnings} />
      <Button className="button main" onPress={() => add(preview)}>
        Add to the policy
      </Button>
    </>
  );
}

function Remarks({ title, remarks }: { readonly title: string; readonly remarks: readonly string[] }) {
  if (remarks.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="template-list">
        {remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </>
  );
}

const words = { gained: "+ More", lost: "− Less", other: "± Otherwise" } as const;

function Changes({ changes }: { readonly changes: readonly TemplateChange[] }) {
  if (changes.length === 0)
    return <p className="soft">No request was found that would be answered otherwise.</p>;
  return (
    <ul className="template-changes">
      {changes.map(({ kind, text, before, after, witness }) => (
        <li key={text}>
          <span className={`change ${kind}`}>{words[kind]}</span>
          <span>
            {text}
            <span className="soft change-example">
              For example <code>{witness}</code>: {before} → {after}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Added({ text, close }: { readonly text: string; readonly close: () => void }) {
  const { show, store, file, tenant, project } = useStudio();
  const policy = project.files.find(({ is }) => is.kind === "policy" && is.tenant === tenant)?.name ?? file;
  const start = store.text(policy)?.indexOf(text) ?? -1;
  const said = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone.
  useEffect(() => said.current?.focus(), []);
  return (
    <>
      <p tabIndex={-1} ref={said}>
        Added to the policy. Undo takes it back.
      </p>
      <pre className="text-box" tabIndex={0} role="region" aria-label="What was added">
        {text}
      </pre>
      <div className="dialog-buttons">
        <Button className="button" onPress={close}>
          All templates
        </Button>
        {start >= 0 && (
          <Button
            className="button main"
            onPress={() => show({ file: policy, start, end: start + text.length })}
          >
            Show it in the policy
          </Button>
        )}
      </div>
    </>
  );
}
