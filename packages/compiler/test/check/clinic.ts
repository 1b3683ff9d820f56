/** A domain in which much refers to much: what is read through references is tested over it. */
export const clinicModel = `model clinic

enum Stage { open, closed }

tenant {
  main: Department
}

context {
  mfa: Bool
  room: Department?
}

entity Department in Department via parent_id stored in departments {
  name: String
  head: Doctor?
  floor: Int(0..20)
  tags: Set<String> via department_tags(department_id, tag)
}

principal Doctor in Department via doctor_departments(doctor_id, department_id) stored in doctors {
  clearance: Int(0..5)
  tier: Int(0..3) tenant
  home: Department
  manager: Doctor?
  ward: String?
  pass: String #secret
}

principal Guest {
  email: String
}

role medic for Doctor
role visitor for Guest
delegate medic, visitor to tenants

entity Patient stored in patients {
  name: String
  department: Department
  attending: Doctor?
  contact: Guest?
  born: Date?
}

entity Visit in Department via department_id stored in visits {
  patient: Patient
  department: Department?
  stage: Stage
  at: Instant
}

entity Report stored in reports {
  visit: Visit?
  author: Doctor
  text: String
}

relation treats(Doctor, Patient) via patient_care(doctor_id, patient_id)

action read, list reads Patient, Visit, Report
action create creates Report
action update updates Report, Visit
`;
