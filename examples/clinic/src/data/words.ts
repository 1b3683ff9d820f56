/** Words that the generated people and charts are made of. */
export const givenNames = [
  "Ada", "Alan", "Amara", "Anders", "Beatriz", "Bao", "Chidi", "Clara", "Daniela", "Dmitri", "Elif", "Emeka", "Fatima",
  "Felix", "Grace", "Giulia", "Hana", "Henrik", "Ines", "Ivan", "Jonas", "Jia", "Kofi", "Katarzyna", "Leila", "Lukas",
  "María", "Mateus", "Mina", "Noor", "Oskar", "Olga", "Priya", "Pedro", "Quentin", "Rosa", "Rahul", "Søren", "Sofia",
  "Tariq", "Tomoko", "Uma", "Viktor", "Wanjiru", "Xavier", "Yusuf", "Zoë", "Zeynep",
] as const;

export const familyNames = [
  "Adeyemi", "Andersson", "Bauer", "Bianchi", "Castillo", "Chen", "Costa", "Dubois", "Eriksen", "Fischer", "García",
  "Haddad", "Hoffmann", "Ibrahim", "Ivanova", "Jansen", "Kaya", "Kim", "Kowalski", "Larsen", "Lindqvist", "López",
  "Mensah", "Moreau", "Müller", "Nakamura", "Nguyen", "Nowak", "Okafor", "O’Brien", "Patel", "Pereira", "Petrov",
  "Quispe", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Tanaka", "Törnqvist", "Van Dijk", "Wagner", "Weber",
  "Yamamoto", "Yılmaz", "Zhang", "Zimmermann",
] as const;

export const complaints = [
  "asthma, wheezing at night", "type 2 diabetes, diet reviewed", "fracture of the left wrist", "migraine with aura",
  "hypertension, dose raised", "pneumonia, improving", "appendicitis, operated", "atrial fibrillation",
  "lower back pain after a fall", "allergic to penicillin", "pregnancy, week 32", "concussion, under observation",
  "iron deficiency, infusion planned", "chest pain, troponin negative", "gallstones, waiting for surgery",
] as const;

export const visitKinds = [
  "first visit", "follow-up", "blood taken", "X-ray read", "wound checked", "medication changed", "discharge talk",
  "physiotherapy", "ultrasound", "consultation by phone",
] as const;

export const tags = ["research", "chronic", "interpreter", "opt_out", "fall_risk", "isolation"] as const;
