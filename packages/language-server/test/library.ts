/** A project of three files for tests: a lending library. */
export const library = {
  "wardline.config.json": `{ "model": "library.ward", "platform": ["platform.ward"], "tenants": { "north": "north.ward" } }\n`,
  "library.ward":
    "model library\nprincipal Member { name: String }\nentity Loan stored in loans { open: Bool }\nrole reader for Member\naction read reads Loan\n",
  "platform.ward": "platform for library\nceiling all: anyone to read Loan\n",
  "north.ward":
    'policy north for library\npermit look: reader to read Loan\nforbid stop: reader to read Loan when resource.open\n\ntest "a" {\n  let m = Member { roles: [reader] }\n  let l = Loan { open: true }\n  expect deny m to read l by stop\n  let o = Loan { open: false }\n  expect permit m to read o by look\n}\n',
} as const;
