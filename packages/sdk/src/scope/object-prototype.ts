/** Whether what every object inherits is what the language says. Else an option that nobody gave may seem to be given. */
import { IsolationViolation } from "@wardline/isolation";

const own: ReadonlySet<string | symbol> = new Set([
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "toString",
  "valueOf",
]);

/** Throws `handle/polluted`. */
export function refusePollution(): void {
  const keys = Reflect.ownKeys(Object.prototype);
  if (keys.some((key) => !own.has(key)) || Object.keys(Object.prototype).length > 0)
    throw new IsolationViolation(
      "handle/polluted",
      "Object.prototype has keys that are not the language's: something in this process has changed it",
    );
}
