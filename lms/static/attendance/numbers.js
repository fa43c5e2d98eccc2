// Learners' numbers: nine digits, the last of which checks the others (Damm's algorithm).
const DIGITS = 9;
const TABLE = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

/** Whether the check digit is right; blanks have been taken out. */
export function isLearnerNumber(text) {
  if (text.length !== DIGITS || !/^[0-9]+$/.test(text)) return false;
  return [...text].reduce((state, digit) => TABLE[state][digit], 0) === "0";
}

export const withoutBlanks = (text) => text.replace(/\s+/g, "");

/** As it is printed on the card: 123 456 789. */
export const spaced = (number) => number.replace(/^(...)(...)(...)$/, "$1 $2 $3");
