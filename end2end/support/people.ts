import { randomInt } from 'node:crypto';

/** Who can have a key of their own. */
export type Kind = 'natural' | 'migrante';

/** How the screens speak to a kind. */
export interface Words {
  /** On the boxes of the front page. */
  name: string;
  /** Label and name of the field by which one is known, and the word for it in a sentence. */
  label: 'Rut' | 'NIE';
  field: 'rut' | 'nie';
  word: 'RUT' | 'NIE';
  /** Label, name and heading of the step with the document that proves who one is. */
  document: string;
  documentField: 'serie' | 'documento';
  documentHeading: string;
}

export const WORDS: Record<Kind, Words> = {
  natural: {
    name: 'Persona Natural', label: 'Rut', field: 'rut', word: 'RUT',
    document: 'Número de serie cédula de identidad', documentField: 'serie', documentHeading: 'Escriba el número de serie de su cédula',
  },
  migrante: {
    name: 'Persona Migrante', label: 'NIE', field: 'nie', word: 'NIE',
    document: 'Número de documento de identidad', documentField: 'documento',
    documentHeading: 'Escriba el número de su documento de identidad',
  },
};

export const KINDS: Kind[] = ['natural', 'migrante'];

/** An invented person with everything that the screens ask for. */
export interface Person {
  kind: Kind;
  /** Rut or NIE, as the card shows it: 12.345.678-5, AB-1234567. */
  id: string;
  names: string;
  /** What proves who one is: serial of the cédula, or number of a foreign document. */
  document: string;
  /** As the guides write it. */
  born: string;
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

const given = new Set<string | number>();

/** Draws until there is something that was not given out before. */
export function unused<T extends string | number>(draw: () => T): T {
  for (;;) {
    const drawn = draw();
    if (given.has(drawn)) continue;
    given.add(drawn);
    return drawn;
  }
}

/** A valid RUT between forty and fifty million, where nobody has one yet. */
export function inventedRut(): string {
  const run = unused(() => randomInt(40_000_000, 50_000_000));
  const digits = String(run).replace(/(\d)(?=(\d{3})+$)/g, '$1.');
  return `${digits}-${checkDigit(run)}`;
}

/** A NIE: nobody knows what they look like, so two letters and seven digits. */
export function inventedNie(): string {
  const letter = () => String.fromCharCode(65 + randomInt(26));
  return unused(() => `${letter()}${letter()}-${randomInt(1_000_000, 10_000_000)}`);
}

const NAMES = ['Rosa', 'Marta', 'Elba', 'Luz', 'Iris', 'Nora'];
const SURNAMES = ['Inventada', 'Imaginaria', 'Supuesta', 'Ficticia'];
const pick = <T>(list: T[]) => list[randomInt(list.length)]!;
const two = (number: number) => String(number).padStart(2, '0');

/** Somebody who was not there before. */
export function newPerson(kind: Kind = 'natural'): Person {
  const eightDigits = () => String(randomInt(10_000_000, 100_000_000));
  // Of eight digits that begin with 569 nobody knows whether the 9 is missing or the number.
  const mobileDigits = () => { for (;;) { const digits = eightDigits(); if (!digits.startsWith('569')) return digits; } };
  const number = unused(eightDigits);
  const id = kind === 'natural' ? inventedRut() : inventedNie();
  const letter = kind === 'natural' ? 'A' : 'V';
  return {
    kind,
    id,
    names: `${pick(NAMES)} ${pick(SURNAMES)}`,
    document: unused(() => `${letter}${randomInt(100_000_000, 1_000_000_000)}`),
    born: `${two(randomInt(10, 28))}-${two(randomInt(10, 13))}-${randomInt(1950, 2005)}`,
    email: `persona${number}@correo${number}.cl`,
    mobile: unused(mobileDigits),
    answer: `Cóndor ${number}`,
    key: newKey(),
  };
}

/** A key that may be set: 9 characters, on no list. */
export function newKey(): string {
  return unused(() => `vK${randomInt(1_000_000, 10_000_000)}`);
}

/** What of a person must be in no URL, in every spelling. */
export function secretsOf(person: Person): string[] {
  const plain = person.id.replace(/[.-]/g, '');
  return [
    person.id, plain, plain.slice(0, -1), person.id.replaceAll('.', ''), person.document, person.email, person.born,
    person.email.split('@')[0]!, person.mobile, person.key, person.answer.split(' ')[1]!,
  ];
}

/** RUT or NIE as the service keeps it. */
export const plainId = ({ kind, id }: Person) => id.replaceAll(kind === 'natural' ? '.' : '-', '');
