/** An authority for TLS in tests, made by the `openssl` command and forgotten with the test. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** Its own certificate, in PEM. */
  readonly ca: string;
  /** A certificate that it signs, for names and addresses: `DNS:db.test`, `IP:127.0.0.1`. */
  readonly issue: (...names: readonly string[]) => Certificate;
}

export function makeAuthority(name: string): Authority {
  const authority = inFolder((folder) => {
    openssl(
      folder,
      "req",
      "-x509",
      ...newKey("ca.key"),
      "-out",
      "ca.crt",
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
    );
    return { cert: read(folder, "ca.crt"), key: read(folder, "ca.key") };
  });
  return {
    ca: authority.cert,
    issue: (...names) =>
      inFolder((folder) => {
        writeFileSync(join(folder, "ca.crt"), authority.cert);
        writeFileSync(join(folder, "ca.key"), authority.key);
        writeFileSync(join(folder, "names"), `subjectAltName=${names.join(",")}\n`);
        openssl(folder, "req", ...newKey("own.key"), "-out", "own.csr", "-subj", "/CN=server");
        const signing = "-CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names".split(" ");
        openssl(folder, "x509", "-req", "-in", "own.csr", ...signing, "-out", "own.crt");
        return { cert: read(folder, "own.crt"), key: read(folder, "own.key") };
      }),
  };
}

function newKey(file: string): readonly string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file];
}

function openssl(folder: string, ...words: readonly string[]): void {
  execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

function inFolder<T>(make: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "wardline-authority-"));
  try {
    return make(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
