/** Rules over the library that use all that this version carries out. */
export const everyConstruct: { readonly platform: string; readonly policy: string } = {
  platform: `platform for library

/// What may be granted at most.
ceiling reading: anyone to read, list Book, Loan
ceiling writing: Member to change, lend Book, Loan
  when context.mfa and now >= tenant.founded
ceiling machines: robot to update Book
  unless next.price > 500

forbid lost_is_final: anyone to update, remove Book
  when prior.lost
  because "A lost book stays lost"
forbid strangers: anyone except reader to list Loan
  when resource.borrower != principal
  trusting reader
permit audits: auditor to read Book, Loan
forbid nights: anyone to remove Book
  when clock.time in 22:00..06:00 or clock.weekday == sunday
  trusting clock
require secrets: encrypt(#secret)
require titles: mask(note, partial(last: 4)), step_up(mfa, within: 5m) for anyone to read Book
  unless principal.tenant == tenant.id and tenant.plan == pro
`,
  policy: `policy north for library

role desk extends librarian
role night for Member

let mine = has resource.keeper and resource.keeper == principal
let near = principal in resource.branch or (has principal.home and principal.home in resource.branch)

permit own: reader, desk to read, list Book
  when mine or near
  unless resource.damaged ?? false
  with hide(price), mask(note, initials)

permit shelves: librarian to read, list, change Book
  when resource.genre in [law, science] and resource.title not in ["A", "B"]
  when resource.pages > 1_000 or resource.price == -0.50
  unless resource.acquired < 2026-01-05T12:00:00+02:00 or resource.loan_time >= 2w

permit tagged: Member to read Book
  when resource.tags.contains("open") or resource.tags.contains_any(["a", "b"])
    or resource.reserved_for.contains(principal)

permit grouped: reader to read Book
  when principal.groups.contains_all(["x", "y"]) and not guards(principal, resource)

permit desk_lends: desk to lend Loan
  when resource.due > now and resource.book in Book "0198c0de-0000-7000-8000-000000000001"

permit moves: librarian to update Book
  when prior.branch == next.branch and prior.price <= next.price
  when has next.code and next.code == 0198c0de-0000-7000-8000-000000000002

permit machines: Scanner, night to read Book
  when principal != Member "ada" and principal.tenant == resource.tenant

permit near_by: reader to read Book
  when context.address in [10.0.0.0/8, tenant.office, 2001:db8::1] and resource.shown_from not in 22:00..06:00
  when resource.title.starts_with("A") or not resource.tags.is_empty or resource.branch.name.ends_with(principal.email)
  when now - 5m < resource.acquired and clock.hour >= 8 and context.titles.contains(resource.title)
  unless principal.favourite ?? law == resource.genre or resource.printed ?? 2026-01-05 > 2026-01-01

permit through: librarian to lend Loan
  when next.book.branch.name == "x" and principal in next.book.branch and guards(principal, next.book)
  when has next.book.keeper or next.book.note ?? "none" != "none"

forbid seniors: anyone except director to read Book
  when resource.genre == law and not principal.roles.contains(desk)

require why: reason, hide(note) for anyone to read Book
  when has context.purpose and context.purpose in ["audit", "court"]
`,
};
