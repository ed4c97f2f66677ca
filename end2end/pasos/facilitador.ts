import { writeFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { file, pdf, png, type File } from '../support/archivos.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { expect, LETTERS, type Page, test } from '../support/test.ts';
import { heading, press, success } from './formulario.ts';
import { fillAnswer } from './registrar.ts';

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** Labels of the two files. The second is another once a document is here. */
export const DECLARATION = 'Declaración Jurada firmada';
export const DOCUMENT = 'Documento de identidad (foto o copia)';
export const OTHER_DOCUMENT = 'Otro documento, si ese no es';
export const KEEP = 'Usar ese documento';

/** Files that are taken. */
export const SIGNED = file('declaracion-firmada.pdf', pdf());
export const PASSPORT = file('pasaporte.png', png());

/** “Rut Empresa”, “Rut Representante Legal”, “Clave Sence”, “Captcha” → “Validar”, on the page that is there. */
export async function typeCompany(page: Page, company: Company, key = company.key, representative = company.representative.id) {
  await heading(page, 'Valide los datos de su empresa');
  await field(page, 'Rut Empresa').fill(company.id);
  await field(page, 'Rut Representante Legal').fill(representative);
  await field(page, 'Clave Sence').fill(key);
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Validar');
}

/** The same from the address. */
export async function openRequest(page: Page, company: Company) {
  await page.goto('/facilitador');
  await typeCompany(page, company);
  await toSign(page);
}

/** The declaration is handed out and taken back. */
export const toSign = (page: Page) => heading(page, 'Firme la Declaración Jurada');

/** From this size on a file goes to the browser by its path. */
const LARGE = 1024 * 1024;

/**
 * Chooses a file in a field. Playwright passes what is given as bytes through the page as text, which takes seconds for 5 MB;
 * a file on the disk the browser reads itself. Small files go as bytes: their names may be of a kind that no disk takes.
 */
async function choose(field: Locator, chosen: File) {
  if (chosen.buffer.length < LARGE) return field.setInputFiles(chosen);
  const path = test.info().outputPath(chosen.name);
  writeFileSync(path, chosen.buffer);
  await field.setInputFiles(path);
}

/** The signed declaration → “Subir solicitud”. */
export async function sendDeclaration(page: Page, sent: File | null = SIGNED) {
  await toSign(page);
  if (sent) await choose(field(page, DECLARATION), sent);
  await press(page, 'Subir solicitud');
}

/** The facilitator's data are asked for. */
export const dataAsked = (page: Page) => heading(page, 'Datos del facilitador extranjero');

/** The facilitator's data, without the file. */
export async function fillFacilitator(page: Page, facilitator: Facilitator) {
  await dataAsked(page);
  await field(page, 'Número de documento de identidad').fill(facilitator.document);
  await field(page, 'Tipo de documento de identidad').selectOption({ label: 'Pasaporte' });
  await field(page, 'Nombres y apellidos').fill(facilitator.names);
  await field(page, 'Email').fill(facilitator.email);
  await field(page, 'Teléfono').fill(facilitator.phone);
  await field(page, 'Pregunta Secreta').selectOption({ index: 2 });
  await fillAnswer(page, facilitator.answer);
}

/** The facilitator's identity document. */
export const attach = (page: Page, sent: File = PASSPORT, label = DOCUMENT) => choose(field(page, label), sent);

/** “Realizar solicitud”. */
export const ask = (page: Page) => press(page, 'Realizar solicitud');

/** “Éxito”, and the number of the request. */
export async function readFiledNumber(page: Page): Promise<string> {
  await success(page, 'Recibimos su solicitud.');
  const number = (await page.locator('.clave-provisoria').textContent())!;
  expect(number).toMatch(/^F-[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  return number;
}

/** F-REQ from the first page to the number. */
export async function request(page: Page, company: Company, facilitator: Facilitator): Promise<string> {
  await openRequest(page, company);
  await sendDeclaration(page);
  await fillFacilitator(page, facilitator);
  await attach(page);
  await ask(page);
  return readFiledNumber(page);
}
