/** A domain in which much refers to much: what is read through references is tested over it. */
export const museumModel = `model museum

enum Stage { open, closed }

tenant {
  main: Gallery
}

context {
  mfa: Bool
  room: Gallery?
}

entity Gallery in Gallery via parent_id stored in galleries {
  name: String
  head: Doctor?
  floor: Int(0..20)
  tags: Set<String> via gallery_tags(gallery_id, tag)
}

principal Doctor in Gallery via doctor_galleries(doctor_id, gallery_id) stored in doctors {
  grade: Int(0..5)
  tier: Int(0..3) tenant
  home: Gallery
  manager: Doctor?
  ward: String?
  pass: String #secret
}

principal Guest {
  email: String
}

role medic for Doctor
role showingor for Guest
delegate medic, showingor to tenants

entity Painting stored in paintings {
  name: String
  gallery: Gallery
  curator: Doctor?
  contact: Guest?
  born: Date?
}

entity Showing in Gallery via gallery_id stored in showings {
  painting: Painting
  gallery: Gallery?
  stage: Stage
  at: Instant
}

entity Report stored in reports {
  showing: Showing?
  author: Doctor
  text: String
}

relation restores(Doctor, Painting) via painting_care(doctor_id, painting_id)

action read, list reads Painting, Showing, Report
action create creates Report
action update updates Report, Showing
`;
