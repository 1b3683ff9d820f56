/** The screen *Artefacts*: what a policy becomes, made in this browser. */
import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import "../../evidence/evidence.css";
import { noTenant, Unanswered } from "../../evidence/unanswered.tsx";
import { useStudio } from "../../session/use-studio.ts";
import "./artefacts.css";
import { BundlePanel } from "./bundle-panel.tsx";
import { SqlPanel } from "./sql-panel.tsx";
import { TextPanel } from "./text-panel.tsx";
import { WasmPanel } from "./wasm-panel.tsx";

const names = ["person", "rego", "sql", "wasm", "bundle", "ir"] as const;
type Name = (typeof names)[number];

const titles: { readonly [Key in Name]: string } = {
  person: "SQL of one person",
  rego: "Rego",
  sql: "All views",
  wasm: "Module",
  bundle: "Bundle",
  ir: "Program",
};

export function Screen() {
  const { tenant, tier } = useStudio();
  const [chosen, setChosen] = useState<Name>("person");
  const shown = names.filter((name) => name !== "ir" || tier === "advanced");
  const open = shown.includes(chosen) ? chosen : "person";
  return (
    <section aria-labelledby="screen-title" className="screen artefacts">
      <div className="screen-head">
        <h1 id="screen-title">What the policy{tenant === null ? "" : ` of ${tenant}`} becomes</h1>
        <p className="soft">Everything here is made in this browser, from the texts as they are now.</p>
      </div>
      {tenant === null ? (
        <Unanswered why={noTenant} />
      ) : (
        <Tabs
          selectedKey={open}
          onSelectionChange={(key) => setChosen(names.find((name) => name === key) ?? "person")}
        >
          <TabList aria-label="Artefacts" className="tabs">
            {shown.map((name) => (
              <Tab key={name} id={name} className="tab">
                {titles[name]}
              </Tab>
            ))}
          </TabList>
          {shown.map((name) => (
            <TabPanel key={name} id={name} className="tab-panel">
              <Panel name={name} tenant={tenant} />
            </TabPanel>
          ))}
        </Tabs>
      )}
    </section>
  );
}

function Panel({ name, tenant }: { readonly name: Name; readonly tenant: string }) {
  switch (name) {
    case "person":
      return <SqlPanel tenant={tenant} />;
    case "rego":
    case "sql":
    case "ir":
      return <TextPanel tenant={tenant} of={name} />;
    case "wasm":
      return <WasmPanel tenant={tenant} />;
    case "bundle":
      return <BundlePanel tenant={tenant} />;
  }
}
