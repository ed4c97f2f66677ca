import { randomInt } from 'node:crypto';
import { unused } from './people.ts';

/** An invented facilitator from abroad, with everything that the request asks for. */
export interface Facilitator {
  /** “Número de documento de identidad”, of a passport. */
  document: string;
  names: string;
  email: string;
  /** With the code of a country, as the hint shows it. */
  phone: string;
  answer: string;
}

/** A facilitator who was not there before. */
export function newFacilitator(): Facilitator {
  const number = unused(() => String(randomInt(100_000_000, 1_000_000_000)));
  return {
    document: `PE${number}`,
    names: `Alba Forastera ${number.slice(0, 4)}`,
    email: `facilitador${number}@correo${number}.pe`,
    phone: `+51 ${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`,
    answer: `Vicuña ${number}`,
  };
}

/** What of a facilitator must be in no URL. */
export function secretsOfFacilitator({ document, names, email, phone, answer }: Facilitator): string[] {
  return [document, document.slice(2), names, email, phone, phone.replaceAll(' ', ''), answer];
}
