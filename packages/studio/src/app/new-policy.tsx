/** Begins the policy of a tenant that has none. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { Choice } from "../controls/choice.tsx";
import { Field } from "../controls/field.tsx";
import { FormDialog } from "../controls/form-dialog.tsx";
import { writtenName } from "../controls/written-name.ts";
import { reopenSession, type Session } from "../session/session.ts";
import { startWorker } from "../worker/start-worker.ts";

export interface NewPolicyProps {
  readonly session: Session;
  readonly openAnother: (session: Session) => void;
}

/** A button where a policy can be begun; nothing elsewhere. */
export function NewPolicy(props: NewPolicyProps) {
  const [isOpen, setOpen] = useState(false);
  const { host, project } = props.session;
  if (host.create === undefined || (project.lacking.length === 0 && project.newPolicies === null))
    return null;
  return (
    <>
      <Button className="button" onPress={() => setOpen(true)}>
        New policy …
      </Button>
      {isOpen && <NewPolicyDialog {...props} close={() => setOpen(false)} />}
    </>
  );
}

function NewPolicyDialog({ session, openAnother, close }: NewPolicyProps & { readonly close: () => void }) {
  const { project, host } = session;
  const [words, setWords] = useState(project.lacking[0]?.tenant ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const tenant = project.lacking.length > 0 ? words : writtenName(words);
  const file =
    project.lacking.find((one) => one.tenant === tenant)?.name ??
    `${project.newPolicies ?? ""}${tenant}.ward`;
  const make = async () => {
    if (tenant === "") return setProblem("A tenant has a name: letters, digits and `_`.");
    const answer = await host.create?.(file, `policy ${tenant}${modelOf(session)}\n`);
    if (answer?.kind !== "saved")
      return setProblem(answer !== undefined && "reason" in answer ? answer.reason : "Nothing was made.");
    const next = await reopenSession(session, startWorker);
    next.file.set(file);
    openAnother(next);
  };
  const submit = () => void make().catch((error: unknown) => setProblem(String(error)));
  return (
    <FormDialog title="Begin a policy" does="Begin" submit={submit} close={close}>
      {project.lacking.length > 0 ? (
        <>
          <p>These tenants are named in the configuration and have no policy yet.</p>
          <Choice
            label="Tenant"
            chosen={tenant}
            options={project.lacking.map((one) => ({ id: one.tenant, label: one.tenant, hint: one.name }))}
            choose={setWords}
          />
          {problem !== null && <p role="alert">{problem}</p>}
        </>
      ) : (
        <Field
          label="Tenant"
          value={words}
          onChange={setWords}
          hint={tenant === "" ? "Whose policy it is." : `It becomes \`${file}\`.`}
          problem={problem}
          autoFocus
        />
      )}
    </FormDialog>
  );
}

/** ` for clinic`, by the model's first words. */
function modelOf({ project, store }: Session): string {
  const file = project.files.find(({ is }) => is.kind === "model")?.name;
  const [, name] = /^model\s+(\w+)/m.exec((file === undefined ? undefined : store.text(file)) ?? "") ?? [];
  return name === undefined ? "" : ` for ${name}`;
}
