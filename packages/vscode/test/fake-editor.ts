/**
 * As much of the editor's module as the shell and its protocol library touch when they start and stop. What is not named here is an empty class,
 * or a function that gives something to dispose of: it shows that nothing throws, not what an editor would do.
 */
import { EventEmitter } from "node:events";
import Module, { createRequire } from "node:module";
import { basename } from "node:path";

export interface FakeEditor {
  /** The ids of registered commands. */
  readonly commands: ReadonlyMap<string, (...args: unknown[]) => unknown>;
  /** What was registered, by `registerHoverProvider` and its like. */
  readonly providers: ReadonlyMap<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>;
  readonly settings: Map<string, unknown>;
  /** What was shown: lines of output channels, and messages. */
  readonly shown: string[];
  /** Loads the shell as the editor does. */
  readonly load: (main: string) => Shell;
}

export interface Shell {
  readonly activate: (context: object) => Promise<void>;
  readonly deactivate: () => Promise<void>;
}

export function fakeEditor(): FakeEditor {
  const commands = new Map<string, (...args: unknown[]) => unknown>();
  const providers = new Map<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>();
  const settings = new Map<string, unknown>();
  const shown: string[] = [];
  const disposable = () => ({ dispose: () => {} });
  const channel = (name: string) => ({
    ...disposable(),
    name,
    logLevel: 2,
    onDidChangeLogLevel: disposable,
    ...Object.fromEntries(
      ["append", "appendLine", "trace", "debug", "info", "warn", "error"].map((method) => [
        method,
        (text: string) => void shown.push(text),
      ]),
    ),
    clear: () => {},
    show: () => void shown.push(`(${name})`),
  });
  const message = (text: string) => {
    shown.push(text);
    return Promise.resolve(undefined);
  };
  const given: Record<string, object> = {
    commands: {
      registerCommand: (id: string, run: (...args: unknown[]) => unknown) => {
        commands.set(id, run);
        return disposable();
      },
    },
    window: {
      createOutputChannel: channel,
      showErrorMessage: message,
      showWarningMessage: message,
      showInformationMessage: message,
      visibleTextEditors: [],
      tabGroups: { all: [], onDidChangeTabs: disposable },
    },
    workspace: {
      textDocuments: [],
      notebookDocuments: [],
      workspaceFolders: [],
      isTrusted: false,
      getConfiguration: (section: string) => ({
        get: (key: string, otherwise: unknown) => settings.get(`${section}.${key}`) ?? otherwise,
      }),
      createFileSystemWatcher: () => ({
        ...disposable(),
        onDidCreate: disposable,
        onDidChange: disposable,
        onDidDelete: disposable,
      }),
    },
    languages: {
      match: () => 1,
      createDiagnosticCollection: () => ({
        ...disposable(),
        set: () => {},
        delete: () => {},
        clear: () => {},
      }),
    },
    env: { language: "en", appName: "an editor", appHost: "desktop", uriScheme: "x" },
    Disposable: class {
      static from = disposable;
      readonly dispose = () => {};
    },
    CancellationTokenSource: class {
      readonly token = { isCancellationRequested: false, onCancellationRequested: disposable };
      readonly cancel = () => {};
      readonly dispose = () => {};
    },
    CodeActionKind: { Empty: kindOf("") },
    Uri: { parse: (text: string) => ({ toString: () => text }), file: (path: string) => ({ fsPath: path }) },
  };
  const filled = (name: string, part: object) =>
    new Proxy(part, {
      get: (target, key: string) => {
        if (key in target) return target[key as keyof typeof target];
        return (_: unknown, provider: never) => {
          if (/^register\w+Provider$/.test(key)) providers.set(key, provider);
          return disposable();
        };
      },
      has: () => true,
      set: () => {
        throw new Error(`${name} is the editor's`);
      },
    });
  const module: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).map(([name, part]) => [name, filled(name, part)]),
  );
  /** Every class and enumeration that the protocol library extends or reads. */
  const other = (name: string) =>
    (module[name] ??= name === "EventEmitter" ? emitter(disposable) : emptyClass(name));
  const vscode = new Proxy(module, {
    get: (target, name: string) => (name === "version" ? "1.101.0" : (target[name] ?? other(name))),
  });
  const load: FakeEditor["load"] = (main) => {
    const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
    const before = loader._load;
    loader._load = (request, ...rest) => (request === "vscode" ? vscode : before(request, ...rest));
    try {
      return createRequire(import.meta.url)(main) as Shell;
    } finally {
      loader._load = before;
    }
  };
  return { commands, providers, settings, shown, load };
}

interface Kind {
  readonly value: string;
  readonly append: (part: string) => Kind;
}

function kindOf(value: string): Kind {
  return { value, append: (part) => kindOf(value === "" ? part : `${value}.${part}`) };
}

/** A class that may be called, extended, and read as an enumeration whose members are their names. */
function emptyClass(name: string): object {
  const made = class {
    readonly args: readonly unknown[];
    constructor(...args: unknown[]) {
      this.args = args;
    }
    dispose(): void {}
  };
  Object.defineProperty(made, "name", { value: basename(name) });
  return new Proxy(made, {
    get: (target, key, receiver) =>
      key in target ? (Reflect.get(target, key, receiver) as unknown) : `${name}.${String(key)}`,
  });
}

function emitter(disposable: () => object): object {
  return class {
    private readonly inner = new EventEmitter();
    readonly event = (listener: (value: unknown) => void) => {
      this.inner.on("fired", listener);
      return disposable();
    };
    fire(value: unknown): void {
      this.inner.emit("fired", value);
    }
    dispose(): void {
      this.inner.removeAllListeners();
    }
  };
}
