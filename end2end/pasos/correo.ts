import { WORDS } from '../support/people.ts';
import { expect, type Page, type Person, type Service } from '../support/test.ts';
import { heading, press } from './formulario.ts';

export const CODE = 'Código del correo';
export const UNCONFIRMED = '(sin confirmar)';

/** The code out of a mail: a line of its own. */
export function codeIn(text: string): string {
  const codes = text.match(/^[ACDEGHJKLMNPRTUWXY34679]{6}\r?$/gm) ?? [];
  expect(codes, 'codes in the mail').toHaveLength(1);
  return codes[0]!.trim();
}

/** The code that the registration of somebody brought by mail. */
export async function codeFor(service: Service, { email }: Pick<Person, 'email'>): Promise<string> {
  return codeIn((await service.mail.wait(email, 'Recibimos su registro')).text);
}

/** “Código del correo” → “Confirmar correo”, on the page that is there. */
export async function typeCode(page: Page, code: string) {
  await page.getByLabel(CODE, { exact: true }).fill(code);
  await press(page, 'Confirmar correo');
}

/** The same later, on the page of its own. */
export async function confirmLater(page: Page, who: { id: string; kind: Person['kind'] }, code: string) {
  await page.goto(`/correo/${who.kind}`);
  await heading(page, 'Confirme su correo');
  await page.getByLabel(WORDS[who.kind].label, { exact: true }).fill(who.id);
  await typeCode(page, code);
}
