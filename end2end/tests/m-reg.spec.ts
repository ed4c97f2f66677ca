import { changeKey, identify } from '../pasos/cambiar.ts';
import { summaryLinks, heading, press, refused, expectNieWording, success } from '../pasos/formulario.ts';
import { fillAnswer, fillKeys, fillRegistration, lastPage, openRegistration, register, registered } from '../pasos/registrar.ts';
import { newKey } from '../support/people.ts';
import { expect, test, type Page } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

test('M-REG the whole form, “Éxito”, notices that speak of the NIE, and the key works', pg, async ({ page, service, migrant }) => {
  await openRegistration(page, 'migrante');
  await expectNieWording(page);
  await fillRegistration(page, migrant);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await expect(page.locator('main')).toContainText('con su NIE y la clave');
  const mail = await service.mail.wait(migrant.email, 'Recibimos su registro en Clave SENCE');
  const sms = await service.sms.wait(migrant.mobile, 'Recibimos un registro');
  expect(mail.text).toContain('con su NIE y la clave que eligió');
  expect(mail.text).toContain(`con el número de su documento de identidad en:\n${service.url}/recuperar/migrante`);
  for (const item of [mail.text, mail.html, sms.text]) {
    expect(item).not.toMatch(/\bRUT\b|cédula/i);
    for (const secret of [migrant.id, migrant.document, migrant.key]) expect(item).not.toContain(secret);
  }
  await changeKey(page, migrant, migrant.key, newKey());
});

test('M-REG nothing filled in: each field says what it needs, in the order of the form', async ({ page, script }) => {
  await openRegistration(page, 'migrante');
  await press(page, 'Crear Cuenta');
  const wanted = ['NIE', 'Tipo de documento de identidad', 'País que lo emitió', 'Número de documento de identidad', 'Pregunta Secreta',
    'Respuesta Secreta', 'Dirección Particular', 'N° de Dirección Particular', 'Región', 'Comuna', 'Email', 'Celular', 'Clave CS',
    'Repetir Clave CS', 'Captcha'];
  await expect(summaryLinks(page)).toHaveCount(wanted.length);
  for (const label of wanted) await refused(page, label, /^(Escriba|Elija) /, script);
  const order = await summaryLinks(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(order).toEqual(await page.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => `#${field.id}`)));
});

test('M-REG bad input: its words, and everything else as it was typed', async ({ page, service, migrant, script }) => {
  const bad: [label: string, typed: string, words: RegExp][] = [
    ['NIE', 'AB_12345', /solo letras, números y guiones/],
    ['NIE', 'ñ1234567', /solo letras, números y guiones/],
    ['NIE', 'A123', /no tiene la forma correcta/],
    ['NIE', '7'.repeat(21), /no tiene la forma correcta/],
    ['Número de documento de identidad', '123', /entre 4 y 20 letras y números/],
    ['Número de documento de identidad', 'V/1234567', /entre 4 y 20 letras y números/],
    ['Clave CS', migrant.id.slice(-7), /muy corta/],
    ['Clave CS', migrant.id.replace('-', '').toLowerCase(), /no puede llevar su NIE/],
  ];
  await openRegistration(page, 'migrante');
  await fillRegistration(page, migrant);
  for (const [label, typed, words] of bad) {
    await test.step(`${label}: ${typed}`, async () => {
      const before = await field(page, label).inputValue();
      await fillAnswer(page, migrant.answer);
      await fillKeys(page, label === 'Clave CS' ? typed : migrant.key);
      await field(page, label).fill(typed);
      await press(page, 'Crear Cuenta');
      await refused(page, label, words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await expect(field(page, label)).toHaveValue(label === 'Clave CS' ? '' : typed);
      await expect(field(page, 'Tipo de documento de identidad').locator(':checked')).toHaveText('Pasaporte');
      await expect(field(page, 'País que lo emitió').locator(':checked')).toHaveText('Venezuela');
      await field(page, label).fill(before);
    });
  }
  expect(service.mail.to(migrant.email)).toEqual([]);
  await fillAnswer(page, migrant.answer);
  await fillKeys(page, migrant.key);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
});

test('M-REG every way to write a NIE is the same NIE', pg, async ({ page, service, migrant }) => {
  await registered(service, migrant);
  const plain = migrant.id.replace('-', '');
  for (const id of [plain, plain.toLowerCase(), ` ${migrant.id} `, migrant.id.replace('-', ' '), migrant.id.replace('-', '–'),
    `${plain.slice(0, 5)}.${plain.slice(5)}`]) {
    await identify(page, id, migrant.key, 'migrante');
    await heading(page, 'Elija su clave nueva');
  }
});

test('M-REG a NIE that has an account looks the same; its owner gets a notice, nothing of it changes', pg, async ({ page, service, migrant, someone }) => {
  const stranger = { ...someone('migrante'), id: migrant.id.replace('-', '').toLowerCase() };
  await register(page, service, migrant);
  const first = await lastPage(page, migrant);
  await page.context().clearCookies();
  await openRegistration(page, 'migrante');
  await fillRegistration(page, stranger);
  await press(page, 'Crear Cuenta');
  await heading(page, 'Éxito');
  expect(await lastPage(page, stranger)).toBe(first);
  const mail = await service.mail.wait(migrant.email, 'Usted ya tiene Clave SENCE');
  const sms = await service.sms.wait(migrant.mobile, 'ya tiene Clave Sence');
  expect(mail.text).toContain('una cuenta con su NIE');
  expect(sms.text).toContain('su NIE');
  // The sender gets what the sender of a new identity gets.
  await service.mail.wait(stranger.email, 'Recibimos su registro en Clave SENCE');
  await changeKey(page, migrant, migrant.key, newKey());
});

test('M-REG the same letters and digits as RUT and as NIE are two accounts', async ({ page, service, person, someone }) => {
  const migrant = { ...someone('migrante'), id: person.id.replace(/[.-]/g, '') };
  await registered(service, person);
  await registered(service, migrant);
  await service.mail.wait(person.email, 'Recibimos su registro');
  await service.mail.wait(migrant.email, 'Recibimos su registro');
  await identify(page, migrant.id, person.key, 'migrante');
  await refused(page, 'CS Actual', /El NIE o la clave no son correctos/, false);
  await identify(page, migrant.id, migrant.key, 'migrante');
  await heading(page, 'Elija su clave nueva');
});
