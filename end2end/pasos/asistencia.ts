import { heading, press } from './formulario.ts';
import type { Fields, Otec } from '../support/otec.ts';
import { expect, type Page, type Person } from '../support/test.ts';

export const ENTER = 'Marque su entrada al curso';
export const LEAVE = 'Marque su salida del curso';

/** The paths to which a classroom sends its students. */
export const START = '/rce/Registro/IniciarSesion';
export const CLOSE = '/rce/Registro/CerrarSesion';

/** “Clave Sence” → “Ingresar”. */
export async function typeKey(page: Page, key: string) {
  await page.getByLabel('Clave Sence', { exact: true }).fill(key);
  await press(page, 'Ingresar');
}

/** The browser is back at the classroom: by itself, or without script by the button of the page that says what it came to. */
export async function comesBack(page: Page, otec: Otec, at: 'volver' | 'error', says: string, script: boolean): Promise<Fields> {
  if (!script) {
    await heading(page, says);
    await press(page, 'Continuar');
  }
  return otec.answer(page, at);
}

/** A start from the classroom and back. */
export async function start(page: Page, otec: Otec, student: Person, script: boolean): Promise<Fields> {
  await otec.send(page, START, otec.start(student));
  await heading(page, ENTER);
  await typeKey(page, student.key);
  return comesBack(page, otec, 'volver', 'Su entrada quedó marcada', script);
}

/** Three minutes go by for every request that waits for a key. */
export const TIME_GOES_BY = `UPDATE flow SET body = REPLACE(body, '"since":', '"since":-') WHERE body LIKE '%"since":%'`;

/** Nobody was sent on: the page stays, also where a script runs. */
export async function stays(page: Page, otec: Otec) {
  await page.waitForLoadState('load');
  expect(otec.answers).toEqual([]);
}
