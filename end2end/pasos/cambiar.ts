import { LETTERS, type Page } from '../support/test.ts';
import { heading, press, success } from './formulario.ts';

/** “Validar Datos”: “Rut”, “CS Actual” → “Validar”. */
export async function identify(page: Page, rut: string, key: string) {
  await page.goto('/cambiar/natural');
  await typeIdentity(page, rut, key);
}

/** The same on the page that is there. */
export async function typeIdentity(page: Page, rut: string, key: string) {
  await heading(page, 'Validar Datos');
  await page.getByLabel('Rut', { exact: true }).fill(rut);
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

/** N-CHG to “Éxito”. */
export async function changeKey(page: Page, rut: string, current: string, key: string) {
  await identify(page, rut, current);
  await setKey(page, key);
  await success(page, 'Su clave fue cambiada.');
}
