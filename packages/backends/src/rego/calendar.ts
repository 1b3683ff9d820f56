/** Forms of days and times as regular expressions (RE2), for canonical texts alone. */

/** A time of day with microseconds, before 24:00. */
export const timeOfDay = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}";

const monthDay = [
  "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
  "(0[469]|11)-(0[1-9]|[12][0-9]|30)",
  "02-(0[1-9]|1[0-9]|2[0-8])",
].join("|");

/** A day that every year has. */
export const calendarDay = `[0-9]{4}-(${monthDay})`;

/** The 29th of February of the years that have one: those that four divides, and a hundred does not or four hundred does; not the year 0. */
export const leapDay = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29";
