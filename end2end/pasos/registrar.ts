import { Client } from '../support/http.ts';
import { plainRut } from '../support/people.ts';
import { expect, LETTERS, type Page, type Person, type Service } from '../support/test.ts';
import { press, success } from './formulario.ts';

export const QUESTION = 'El nombre de mi primera mascota';

/** Opens the form of N-REG. */
export async function openRegistration(page: Page) {
  await page.goto('/registrar/natural');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Registrar persona natural');
}

/** Fills in everything that must be filled in. */
export async function fillRegistration(page: Page, person: Person) {
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field('Rut').fill(person.rut);
  await field('Pregunta Secreta').selectOption({ index: 2 });
  await field('Respuesta Secreta').fill(person.answer);
  await field('Dirección Particular').fill('Pasaje Los Aromos');
  await field('N° de Dirección Particular').fill('123');
  await field('Región').selectOption({ label: 'Valparaíso' });
  await field('Comuna').selectOption({ label: 'Viña del Mar' });
  await field('Email').fill(person.email);
  await field('Celular').fill(person.mobile);
  await fillKeys(page, person.key);
}

/** What is not kept when the page comes back. */
export async function fillKeys(page: Page, key: string) {
  await page.getByLabel('Clave CS', { exact: true }).fill(key);
  await page.getByLabel('Repetir Clave CS', { exact: true }).fill(key);
  await page.getByLabel('Captcha', { exact: true }).fill(LETTERS);
}

/** N-REG from the first page to “Éxito”, and its notices. */
export async function register(page: Page, service: Service, person: Person) {
  await openRegistration(page);
  await fillRegistration(page, person);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(person.email, 'Su Clave SENCE está lista');
}

/** The same without a browser, for the tests whose subject is something else. */
export async function registered(service: Service, person: Person, captcha = LETTERS) {
  const client = new Client(service.url);
  await client.get('/registrar/natural');
  const { page } = await client.submit('/api/registrar/crear', {
    rut: person.rut, pregunta: 'primera-mascota', respuesta: person.answer, direccion: 'Pasaje Los Aromos', numero: '123',
    region: '05', comuna: '05109', email: person.email, celular: person.mobile,
    clave: person.key, clave_otra_vez: person.key, captcha,
  });
  expect(page.text).toContain('Recibimos su registro.');
}

/** An account without a secret question. No screen makes one: they come with the import of the older system. */
export async function registeredWithoutQuestion(service: Service, person: Person) {
  await registered(service, person);
  await service.mail.wait(person.email, 'Su Clave SENCE está lista');
  await service.sql(
    `UPDATE account SET question = NULL, answer_hash = NULL WHERE identifier = '${plainRut(person)}'`);
}
