import { WORDS } from '../support/people.ts';
import { LETTERS, type Page, type Person } from '../support/test.ts';
import { heading, press, success } from './formulario.ts';
import { giveAnswer } from './recuperar.ts';

/** “Rut” or “NIE”, “Clave Sence” → “Validar”. */
export async function openUpdate(page: Page, { id, kind }: Person, key: string) {
  await page.goto(`/actualizar/${kind}`);
  await heading(page, 'Validar Datos');
  await page.getByLabel(WORDS[kind].label, { exact: true }).fill(id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(key);
  await press(page, 'Validar');
}

/** V-UPD: “Rut” or “NIE”, “Fecha de Nacimiento”, “Email Registrado” → “Validar”. */
export async function openUpdateByBirth(page: Page, { id, kind, born, email }: Person) {
  await page.goto(`/actualizar/${kind}`);
  await heading(page, 'Validar Datos');
  await page.getByLabel(WORDS[kind].label, { exact: true }).fill(id);
  await page.getByLabel('Fecha de Nacimiento', { exact: true }).fill(born);
  await page.getByLabel('Email Registrado', { exact: true }).fill(email);
  await press(page, 'Validar');
}

/** An account without a secret question chooses it: question, answer → “Continuar”. */
export async function chooseQuestion(page: Page, answer: string, question = 'Mi apodo cuando era niño o niña') {
  await heading(page, 'Elija su pregunta secreta');
  await page.getByLabel('Pregunta Secreta', { exact: true }).selectOption(question && { label: question });
  await page.getByLabel('Respuesta Secreta', { exact: true }).fill(answer);
  await press(page, 'Continuar');
}

/** Key and answer → the data. */
export async function seeData(page: Page, person: Person) {
  await openUpdate(page, person, person.key);
  await giveAnswer(page, person.answer);
  await dataShown(page);
}

/** “Domicilio” and “Datos de Contacto” are there. */
export const dataShown = (page: Page) => heading(page, 'Revise y actualice sus datos');

/** Captcha → “Actualizar datos”. */
export async function save(page: Page, letters = LETTERS) {
  await page.getByLabel('Captcha', { exact: true }).fill(letters);
  await press(page, 'Actualizar datos');
}

/** The end. */
export const updated = (page: Page) => success(page, 'Sus datos han sido actualizados correctamente.');
