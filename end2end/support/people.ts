import { randomInt } from 'node:crypto';

/** An invented person with everything that the screens ask for. */
export interface Person {
  /** As the cédula shows it: 12.345.678-5. */
  rut: string;
  names: string;
  serial: string;
  email: string;
  /** The 8 digits after +56 9. */
  mobile: string;
  /** The secret answer. */
  answer: string;
  key: string;
}

/** The check digit of a RUN: weights 2–7 from the right, 11 − (sum mod 11). */
export function checkDigit(run: number): string {
  let [sum, weight] = [0, 2];
  for (let rest = run; rest > 0; rest = Math.floor(rest / 10)) {
    sum += (rest % 10) * weight;
    weight = weight === 7 ? 2 : weight + 1;
  }
  const digit = 11 - (sum % 11);
  return digit === 11 ? '0' : digit === 10 ? 'K' : String(digit);
}

/** A valid RUT between forty and fifty million, where nobody has one yet. */
export function inventedRut(): string {
  const run = randomInt(40_000_000, 50_000_000);
  const digits = String(run).replace(/(\d)(?=(\d{3})+$)/g, '$1.');
  return `${digits}-${checkDigit(run)}`;
}

const NAMES = ['Rosa', 'Marta', 'Elba', 'Luz', 'Iris', 'Nora'];
const SURNAMES = ['Inventada', 'Imaginaria', 'Supuesta', 'Ficticia'];
const pick = <T>(list: T[]) => list[randomInt(list.length)]!;

/** Somebody who was not there before. */
export function newPerson(): Person {
  const number = String(randomInt(10_000_000, 100_000_000));
  return {
    rut: inventedRut(),
    names: `${pick(NAMES)} ${pick(SURNAMES)}`,
    serial: `A${randomInt(100_000_000, 1_000_000_000)}`,
    email: `persona${number}@correo${number}.cl`,
    mobile: String(randomInt(10_000_000, 100_000_000)),
    answer: `Cóndor ${number}`,
    key: newKey(),
  };
}

/** A key that may be set: 9 characters, on no list. */
export function newKey(): string {
  return `vK${randomInt(1_000_000, 10_000_000)}`;
}

/** What of a person must stand in no URL, in every spelling. */
export function secretsOf(person: Person): string[] {
  const plain = person.rut.replace(/[.-]/g, '');
  return [
    person.rut, plain, plain.slice(0, -1), person.rut.replaceAll('.', ''), person.serial, person.email,
    person.email.split('@')[0]!, person.mobile, person.key, person.answer.split(' ')[1]!,
  ];
}

/** A RUT as the service keeps it. */
export const plainRut = (person: Person) => person.rut.replaceAll('.', '');
