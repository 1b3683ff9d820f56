/** What evidence is good for. The model names it and says what meets it; nothing but the name says whether somebody else stands behind it. */

export type EvidenceUse = "step_up" | "approval" | "reason";

/** Whether evidence of a name is somebody's word, a factor, or a reason. */
export function isEvidenceFor(use: EvidenceUse, name: string): boolean {
  const isWord = /approv|person|consent|agree|signature/.test(name);
  switch (use) {
    case "reason":
      return name === "reason";
    case "approval":
      return isWord;
    case "step_up":
      return name !== "reason" && !isWord;
  }
}
