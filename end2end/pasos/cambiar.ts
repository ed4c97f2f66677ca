import { WORDS, type Kind } from '../support/people.ts';
import { LETTERS, type Page, type Person } from '../support/test.ts';
import { heading, press, success } from './formulario.ts';

/** “Validar Datos”: “Rut” or “NIE”, “CS Actual” → “Validar”. */
export async function identify(page: Page, id: string, key: string, kind: Kind = 'natural') {
  await page.goto(`/cambiar/${kind}`);
  await typeIdentity(page, id, key, kind);
}

/** The same on the page that is there. */
export async function typeIdentity(page: Page, id: string, key: string, kind: Kind = 'natural') {
  await heading(page, 'Validar Datos');
  await page.getByLabel(WORDS[kind].label, { exact: true }).fill(id);
  await page.getByLabel('CS Actual', { exact: true }).fill(key);
  await press(page, 'Validar');
}

/** “CS Nueva”, “Repetir CS Nueva” → captcha → “Cambiar Clave”. */
export async function setKey(page: Page, key: string, again = key, letters = LETTERS) {
  await heading(page, 'Elija su clave nueva');
  await page.getByLabel('CS Nueva', { exact: true }).fill(key);
  await page.getByLabel('Repetir CS Nueva', { exact: true }).fill(again);
  await page.getByLabel('Captcha', { exact: true }).fill(letters);
  await press(page, 'Cambiar Clave');
}

/** N-CHG, M-CHG to “Éxito”. */
export async function changeKey(page: Page, { id, kind }: Person, current: string, key: string) {
  await identify(page, id, current, kind);
  await setKey(page, key);
  await success(page, 'Su clave fue cambiada.');
}
