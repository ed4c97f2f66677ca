import { Client } from '../support/http.ts';
import { plainId, WORDS, type Kind } from '../support/people.ts';
import { expect, LETTERS, type Page, type Person, type Service } from '../support/test.ts';
import { changeTyped, heading, press, success } from './formulario.ts';

export const QUESTION = 'El nombre de mi primera mascota';

/** Opens the form of N-REG, M-REG. */
export async function openRegistration(page: Page, kind: Kind = 'natural') {
  await page.goto(`/registrar/${kind}`);
  await heading(page, `Registrar ${WORDS[kind].name.toLowerCase()}`);
}

/** Fills in everything that must be filled in; without letters, all but the captcha. */
export async function fillRegistration(page: Page, person: Person, letters = LETTERS) {
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field(WORDS[person.kind].label).fill(person.id);
  if (person.kind === 'migrante') {
    await field('Tipo de documento de identidad').selectOption({ label: 'Pasaporte' });
    await field('País que lo emitió').selectOption({ label: 'Venezuela' });
    await field(WORDS.migrante.document).fill(person.document);
  }
  const serial = field(WORDS.natural.document);
  if (await serial.count()) await serial.fill(person.document);
  await field('Pregunta Secreta').selectOption({ index: 2 });
  await fillAnswer(page, person.answer);
  await fillAddress(page);
  await field('Email').fill(person.email);
  await field('Celular').fill(person.mobile);
  await fillKeys(page, person.key, letters);
}

/** “Domicilio”. */
export async function fillAddress(page: Page) {
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field('Dirección Particular').fill('Pasaje Los Aromos');
  await field('N° de Dirección Particular').fill('123');
  await field('Región').selectOption({ label: 'Valparaíso' });
  await field('Comuna').selectOption({ label: 'Viña del Mar' });
}

/** “Respuesta Secreta”, also where it was typed already. */
export async function fillAnswer(page: Page, answer: string) {
  await changeTyped(page, 'respuesta');
  await page.getByLabel('Respuesta Secreta', { exact: true }).fill(answer);
}

/** The key twice, also where it was typed already, and the letters. */
export async function fillKeys(page: Page, key: string, letters = LETTERS) {
  await changeTyped(page, 'clave');
  await page.getByLabel('Clave CS', { exact: true }).fill(key);
  await page.getByLabel('Repetir Clave CS', { exact: true }).fill(key);
  if (letters) await page.getByLabel('Captcha', { exact: true }).fill(letters);
}

/** N-REG, M-REG from the first page to “Éxito”, and its notices. */
export async function register(page: Page, service: Service, person: Person) {
  await openRegistration(page, person.kind);
  await fillRegistration(page, person);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  // The page is the same for known and unknown, so it says what each has to do.
  await expect(page.locator('main')).toContainText(/Si no tenía Clave Sence, entre .*¿Ya tenía Clave Sence\?.*no cambió: sigue sirviendo la de antes, y la que acaba de elegir no\./s);
  await service.mail.wait(person.email, 'Recibimos su registro en Clave SENCE');
}

/** What the last page shows to everybody: all but the address that was typed, and the mark of the page. */
export const lastPage = async (page: Page, { email }: Person) =>
  (await page.locator('main').innerHTML()).replace(email, '').replace(/name="pagina" value="[^"]*"/, '');

/** The same without a browser, for the tests whose subject is something else; `more` are further fields of the form. */
export async function registered(service: Service, person: Person, more: Record<string, string> = {}) {
  const client = new Client(service.url);
  const form = await client.get(`/registrar/${person.kind}`);
  // Where registration is proven by the cédula, Registro Civil knows the person.
  const proven = person.kind === 'natural' && form.text.includes('name="serie"');
  if (proven) service.registry.add(person);
  const { page } = await client.submit('/api/registrar/crear', {
    [WORDS[person.kind].field]: person.id, documento_tipo: 'pasaporte', documento_pais: 'VE', documento: person.document,
    fecha_nacimiento: person.born, pregunta: 'primera-mascota', respuesta: person.answer,
    direccion: 'Pasaje Los Aromos', numero: '123', region: '05', comuna: '05109', email: person.email, celular: person.mobile,
    clave: person.key, clave_otra_vez: person.key, captcha: LETTERS, ...(proven ? { serie: person.document } : {}), ...more,
  });
  expect(page.text).toContain('Recibimos su registro.');
}

/** An account that lacks something, as it comes out of the older system: no screen makes one. */
export async function registeredWithout(service: Service, person: Person, lacking: 'question' | 'mail' | 'question and mail') {
  await registered(service, person);
  // What the registration sent is no part of the story: it would come in between.
  await service.mail.wait(person.email, 'Recibimos su registro en Clave SENCE');
  await service.sms.wait(person.mobile, 'Recibimos un registro');
  const nothing = [
    ...(lacking.includes('question') ? ['question = NULL', 'answer_hash = NULL'] : []),
    ...(lacking.includes('mail') ? ['email = NULL'] : []),
  ];
  await service.sql(`UPDATE account SET ${nothing.join(', ')} WHERE identifier = '${plainId(person)}'`);
}
