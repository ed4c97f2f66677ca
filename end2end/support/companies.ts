import { randomInt } from 'node:crypto';
import { checkDigit, newKey, newPerson, secretsOf, unused, type Person } from './people.ts';

/** An invented company with everything that the screens ask for. */
export interface Company {
  /** “Rut Empresa”. */
  id: string;
  /** “Razón Social”. */
  names: string;
  email: string;
  answer: string;
  key: string;
  /** The legal representative. */
  representative: Person;
}

/** A company that was not there before. */
export function newCompany(): Company {
  const number = unused(() => randomInt(70_000_000, 80_000_000));
  const digits = String(number).replace(/(\d)(?=(\d{3})+$)/g, '$1.');
  return {
    id: `${digits}-${checkDigit(number)}`,
    names: `Quillay Inventada ${number} SpA`,
    email: `empresa${number}@correo${number}.cl`,
    answer: `Boldo ${number}`,
    key: newKey(),
    representative: newPerson(),
  };
}

/** What of a company, and of who represents it, must be in no URL. */
export function secretsOfCompany(company: Company): string[] {
  const plain = company.id.replace(/[.-]/g, '');
  return [company.id, plain, company.email, company.key, company.names, ...secretsOf(company.representative)];
}
