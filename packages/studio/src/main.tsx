/** Starts the studio in the page. */
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { chooseHost } from "./host/choose-host.ts";
import { chosenOf, showTheme, themes } from "./session/preferences.ts";
import { openSession } from "./session/session.ts";
import { startWorker } from "./worker/start-worker.ts";
import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import "./style/shell.css";
import "./style/forced-colors.css";

showTheme(chosenOf("theme", themes));
const root = document.querySelector("#root");
if (root === null) throw new Error("the page has no place for the studio");
createRoot(root).render(<App open={chooseHost().then((host) => openSession(host, startWorker))} />);
