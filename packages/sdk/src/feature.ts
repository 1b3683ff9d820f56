/** Features of the application that the platform, packs and a tenant switch. */
import type { ModelIr, Settings } from "@wardline/core";

/** The enum that names all features, where the model has one. */
const featureEnum = "Feature";

/** Off where a policy says so. Throws TypeError for what is no name of a feature, or of none that the model knows. */
export function featureIsOn(model: ModelIr, { features = {} }: Settings, name: string): boolean {
  const known = model.enums.find((one) => one.name === featureEnum)?.values;
  // Invariant: a name that is misspelt is an error wherever that can be known, and not a feature that is on.
  if (typeof name !== "string" || !/^[a-z][a-z0-9_]*$/.test(name) || known?.includes(name) === false)
    throw new TypeError(
      `${JSON.stringify(name)} is no feature${known === undefined ? "" : `; they are: ${known.join(", ")}`}`,
    );
  return !Object.hasOwn(features, name) || features[name] === true;
}
