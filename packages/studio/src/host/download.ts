/** Gives a file to whoever looks at the page. */

/** `name` may have folders; the last part names the file. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer>, type = "text/plain"): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.split("/").at(-1) ?? name;
  link.click();
  URL.revokeObjectURL(address);
}
