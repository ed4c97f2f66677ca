import { Client } from '../support/http.ts';
import { WORDS, type Kind } from '../support/people.ts';
import { expect, LETTERS, type Page, type Person, type Service } from '../support/test.ts';
import { heading, press, success } from './formulario.ts';

export const FORGOTTEN = 'No recuerdo la respuesta a mi pregunta secreta';
export const SERIAL = WORDS.natural.document;

/** “Rut” or “NIE” → “Validar”. */
export async function giveId(page: Page, id: string, kind: Kind = 'natural') {
  await page.goto(`/recuperar/${kind}`);
  await page.getByLabel(WORDS[kind].label, { exact: true }).fill(id);
  await press(page, 'Validar');
}

/** The question is asked. */
export async function expectQuestion(page: Page) {
  await heading(page, 'Responda su pregunta secreta');
}

/** “Respuesta Secreta” → “Validar”. */
export async function giveAnswer(page: Page, answer: string) {
  await expectQuestion(page);
  await page.getByLabel('Respuesta Secreta', { exact: true }).fill(answer);
  await press(page, 'Validar');
}

/**
 * The box “No recuerdo…”. The document is asked for below it, of a company also the representative; where it is not, → “Validar”.
 */
export async function forget(page: Page) {
  await expectQuestion(page);
  await page.getByLabel(FORGOTTEN).check();
  const below = (await page.locator('.revelado').count()) > 0;
  if (!below) await press(page, 'Validar');
}

/**
 * To the document, whether or not a question is asked on the way: of somebody without an account it is asked as often as of
 * those who have one.
 */
export async function toDocument(page: Page) {
  await heading(page, /pregunta secreta|Escriba el número/);
  if ((await page.getByLabel(FORGOTTEN).count()) > 0) await forget(page);
}

/** The serial of the cédula, or the number of a foreign document → “Validar”, on a page of its own. */
export async function giveDocument(page: Page, document: string, kind: Kind = 'natural') {
  await heading(page, WORDS[kind].documentHeading);
  await typeDocument(page, document, kind);
}

/** The same below the box “No recuerdo…”, which is ticked. */
export async function giveDocumentBelow(page: Page, document: string, kind: Kind = 'natural') {
  await expectQuestion(page);
  await expect(page.getByLabel(FORGOTTEN)).toBeChecked();
  await typeDocument(page, document, kind);
}

/** The same where `toDocument` led: below the box, or on a page of its own. */
export async function giveDocumentThere(page: Page, document: string, kind: Kind = 'natural') {
  await heading(page, new RegExp(`^(Responda su pregunta secreta|${WORDS[kind].documentHeading})$`));
  await typeDocument(page, document, kind);
}

async function typeDocument(page: Page, document: string, kind: Kind) {
  await page.getByLabel(WORDS[kind].document, { exact: true }).fill(document);
  await press(page, 'Validar');
}

/** “¿El email es correcto?” → “SI” or “NO”. */
export async function mailIsRight(page: Page, choice: 'SI' | 'NO') {
  await heading(page, 'Revise su correo');
  const question = page.getByRole('group', { name: '¿El email es correcto?' });
  await question.getByLabel(choice, { exact: true }).check();
  await press(page, 'Continuar');
}

/** “Email Actual”, “Celular Actual”. */
export async function giveContact(page: Page, email: string, mobile: string) {
  await heading(page, '¿Dónde quiere recibir su clave?');
  await page.getByLabel('Email Actual', { exact: true }).fill(email);
  await page.getByLabel('Celular Actual', { exact: true }).fill(mobile);
  await press(page, 'Continuar');
}

/** Captcha → “Recuperar Clave”. */
export async function askForKey(page: Page, letters = LETTERS) {
  await heading(page, /Confirme y le enviamos/);
  await page.getByLabel('Captcha', { exact: true }).fill(letters);
  await press(page, 'Recuperar Clave');
}

/** N-REC-END on the screen. */
export async function expectSent(page: Page) {
  await success(page, 'Su clave provisoria va en camino.');
  await expect(page.locator('main')).toContainText(
    'Su clave Sence (CS) será enviada por SMS a su celular dentro de los próximos 10 minutos: ');
  await expect(page.locator('main')).toContainText(
    'Su clave Sence (CS) será enviada a su e-Mail dentro de los próximos 10 minutos: ');
}

/** N-REC-3, M-REC-3 from the first step to “Éxito”. */
export async function recoverByAnswer(page: Page, person: Person) {
  await giveId(page, person.id, person.kind);
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
}

/** Letter, five digits, letter, digit. */
const PROVISIONAL = /\b[A-Z]\d{5}[A-Z]\d\b/g;

/** The provisional key out of a message; there must be one and only one. */
export function keyIn(text: string): string {
  const keys = [...new Set(text.match(PROVISIONAL))];
  expect(keys, 'provisional keys in the message').toHaveLength(1);
  return keys[0]!;
}

/** The provisional key that came by mail and by SMS: the same one. */
export async function keyFor(service: Service, { email, mobile }: Pick<Person, 'email' | 'mobile'>): Promise<string> {
  const mail = await service.mail.wait(email, 'Su clave provisoria');
  const sms = await service.sms.wait(mobile, 'clave Sence provisoria');
  expect(keyIn(sms.text)).toBe(keyIn(mail.text));
  return keyIn(mail.text);
}

/** N-REC-3, M-REC-3 without a browser, for tests of something else: the provisional key. */
export async function recovered(service: Service, person: Person): Promise<string> {
  const client = new Client(service.url);
  await client.get(`/recuperar/${person.kind}`);
  await client.submit('/api/recuperar/validar', { [WORDS[person.kind].field]: person.id });
  await client.submit('/api/recuperar/pregunta', { respuesta: person.answer });
  const { page } = await client.submit('/api/recuperar/confirmar', { captcha: LETTERS });
  expect(page.text).toContain('Su clave provisoria va en camino.');
  return keyFor(service, person);
}
