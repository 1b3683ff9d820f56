/** The files of a new project: small, whole, and each of them checked, formatted and tested as it stands. */
import { version } from "../version.ts";

export interface ProjectNames {
  readonly model: string;
  readonly tenant: string;
}

/** What `init` asks at the end, in the words of the tests. */
export const firstQuestion = 'User "ada" { roles: [member] } to update Document { owner: User "ada" }';

/** File → text, in the order in which they are worth reading. */
export function projectFiles({ model, tenant }: ProjectNames): ReadonlyMap<string, string> {
  return new Map([
    ["wardline.config.json", configText(model, tenant)],
    [`policy/${model}.ward`, modelText(model)],
    ["policy/platform.ward", platformText(model)],
    [`policy/${tenant}.ward`, policyText(model, tenant)],
    [".github/workflows/wardline.yml", workflowText()],
  ]);
}

function configText(model: string, tenant: string): string {
  const config = {
    $schema: "./node_modules/@wardline/cli/schema/config.schema.json",
    model: `policy/${model}.ward`,
    platform: ["policy/platform.ward"],
    tenants: { [tenant]: `policy/${tenant}.ward` },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function modelText(model: string): string {
  return `model ${model}

/// What a request carries beside who, what and which.
context {
  mfa: Bool
  mfa_age: Duration?
}

/// Who signs in.
principal User {
  email: String
}

role member, admin for User
delegate member, admin to tenants

evidence mfa from context.mfa, context.mfa_age

/// Put your own data here: each entity is a table.
entity Document stored in documents {
  title: String
  owner: User
  confidential: Bool
}

action read, list reads Document
action create creates Document
action update updates Document
action delete deletes Document
`;
}

function platformText(model: string): string {
  return `platform for ${model}

/// The most that a tenant may grant.
ceiling daily_work: anyone to read, list, create, update Document
ceiling deleting: admin to delete Document
  trusting admin

/// What holds for every tenant, whatever it writes.
require fresh_factor: step_up(mfa, within: 15m) for anyone to delete Document
`;
}

function policyText(model: string, tenant: string): string {
  return `policy ${tenant} for ${model}

/// Everyone works on what is their own.
permit own: member, admin to read, list, create, update Document
  when resource.owner == principal

/// What is not confidential can be read by all members.
permit open_to_members: member to read, list Document
  when not resource.confidential

permit admins_delete: admin to delete Document
  when resource.owner == principal

test "members work on their own documents, and on no others" {
  let ada = User { roles: [member] }
  expect permit ada to update Document { owner: ada } by own
  expect deny ada to update Document { owner: User "bo" } as not_granted
}

test "members read what is not confidential" {
  let ada = User { roles: [member] }
  expect permit ada to read Document { owner: User "bo" } by open_to_members
  expect deny ada to read Document { owner: User "bo", confidential: true } as not_granted
}

test "deleting asks for a fresh second factor" {
  let eve = User { roles: [admin] }
  expect challenge eve to delete Document { owner: eve } with step_up(mfa)
  given context { mfa: true, mfa_age: 2m }
  expect permit eve to delete Document { owner: eve } by admins_delete
}
`;
}

function workflowText(): string {
  const run = (line: string) => `npx --yes @wardline/cli@${version} ${line}`;
  return `name: wardline

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read
  security-events: write

jobs:
  policies:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: ${run("check --format github --out sarif:wardline.sarif")}
      - run: ${run("fmt --check --diff")}
      - run: ${run("test --format github --out junit:wardline-tests.xml")}
      # What the change grants and takes away. With --gate no-new-access it stops a change that grants more.
      - if: github.event_name == 'pull_request'
        run: ${run('diff "origin/$BASE"')}
        env:
          BASE: \${{ github.base_ref }}
      - if: always()
        uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: wardline.sarif
`;
}
