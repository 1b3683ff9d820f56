/** The screen *Templates*: packs and rules for common needs, filled in by a form, with what they change before they are added. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { goTo } from "../../app/route.ts";
import { CodeWords } from "../../controls/code-words.tsx";
import { useAnswer } from "../../evidence/use-answer.ts";
import { useStudio } from "../../session/use-studio.ts";
import { Template } from "./template.tsx";
import "./templates.css";

export function Screen() {
  const { tenant } = useStudio();
  return (
    <section aria-labelledby="screen-title" className="screen templates">
      <div>
        <h1 id="screen-title">Templates</h1>
        <p className="soft">
          Begin with a rule that others needed too. You see what it changes before you add it.
        </p>
      </div>
      {tenant === null ? (
        <p>This project has no policy to add to.</p>
      ) : (
        <Gallery key={tenant} tenant={tenant} />
      )}
    </section>
  );
}

function Gallery({ tenant }: { readonly tenant: string }) {
  const { value: all, refused } = useAnswer("wardline/templates", { tenant });
  const [chosen, setChosen] = useState<string | null>(null);
  const [last, setLast] = useState<string | null>(null);
  const choose = (id: string) => {
    setLast(id);
    setChosen(id);
  };
  if (refused !== null)
    return (
      <div className="notice" role="alert">
        <p>{refused}</p>
        <Button className="button" onPress={() => goTo("policy")}>
          Go to the policy
        </Button>
      </div>
    );
  if (all === null) return <p className="loading">Looking at the model …</p>;
  const open = all.find(({ id }) => id === chosen);
  if (open !== undefined)
    return <Template key={open.id} tenant={tenant} template={open} close={() => setChosen(null)} />;
  return (
    <>
      {[...Map.groupBy(all, ({ group }) => group)].map(([group, inside]) => (
        <section key={group} className="template-group" aria-labelledby={`group ${group}`}>
          <h2 id={`group ${group}`}>{group}</h2>
          <ul className="template-cards">
            {inside.map((one) => (
              <li key={one.id} className="template-card">
                <h3>{one.title}</h3>
                <p>{one.summary}</p>
                {one.missing === null ? (
                  <Button
                    className="button"
                    aria-label={`Use: ${one.title}`}
                    autoFocus={one.id === last}
                    onPress={() => choose(one.id)}
                  >
                    Use …
                  </Button>
                ) : (
                  <p className="soft">
                    Not here: <CodeWords text={one.missing} />
                  </p>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
