/** The policy as one text: Rego, all its SQL, or the checked program. */
import { Unanswered } from "../../evidence/unanswered.tsx";
import { useAnswer } from "../../evidence/use-answer.ts";
import type { Language } from "./highlight.ts";
import { TextPane } from "./text-pane.tsx";

export interface TextPanelProps {
  readonly tenant: string;
  readonly of: "rego" | "sql" | "ir";
}

const shown: {
  readonly [Of in TextPanelProps["of"]]: {
    readonly title: string;
    readonly language: Language;
    readonly file: string;
    readonly says: string;
  };
} = {
  rego: {
    title: "Rego of the policy",
    language: "rego",
    file: "policy.rego",
    says: "The whole policy for a stock OPA. It decides as every other artefact does.",
  },
  sql: {
    title: "Views of the policy",
    language: "sql",
    file: "policy.sql",
    says: "What a query reads in place of each table. What is not known until somebody asks stands as :name.",
  },
  ir: {
    title: "The checked program",
    language: "json",
    file: "ir.json",
    says: "What every artefact is made of, laid out for reading. In a bundle it stands in one canonical form.",
  },
};

export function TextPanel({ tenant, of }: TextPanelProps) {
  const { title, language, file, says } = shown[of];
  const { value, refused } = useAnswer(`wardline/${of}`, { tenant });
  if (refused !== null) return <Unanswered why={refused} />;
  if (value === null) return <p className="soft">Compiling …</p>;
  return (
    <>
      <p className="soft">{says}</p>
      <TextPane
        title={title}
        text={value.text}
        language={language}
        places={"places" in value ? value.places : []}
        fileName={file}
      />
    </>
  );
}
