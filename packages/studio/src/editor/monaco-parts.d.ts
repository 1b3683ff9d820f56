/** Parts of Monaco that have no types of their own: they are imported for what they register. */
declare module "monaco-editor/editor/contrib/suggest/browser/suggestController";
