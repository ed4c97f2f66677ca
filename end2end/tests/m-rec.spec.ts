import { changeKey } from '../pasos/cambiar.ts';
import { heading, refused, expectNieWording, expectNotice } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveContact, giveDocument, giveDocumentBelow, giveDocumentThere, giveId, keyFor, mailIsRight, expectSent, toDocument } from '../pasos/recuperar.ts';
import { QUESTION, registered, registeredWithout } from '../pasos/registrar.ts';
import { newKey, plainId, WORDS } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };
const NUMBER = WORDS.migrante.document;

test('M-REC-1 no secret question on file: the number of the document, masked e-mail, SI', pg, async ({ page, service, migrant }) => {
  await registeredWithout(service, migrant, 'question');
  // Registro Civil knows nothing of foreign documents, and is not asked.
  service.registry.down();
  try {
    await giveId(page, migrant.id, 'migrante');
    await heading(page, WORDS.migrante.documentHeading);
    await expect(page.locator('main .sujeto')).toContainText(`NIE: ${plainId(migrant)}`);
    await expect(page.getByRole('link', { name: 'Cambiar de NIE' })).toBeVisible();
    await expectNieWording(page);
    await giveDocument(page, migrant.document, 'migrante');
    await expect(page.locator('main')).toContainText('p•••••@c•••••.cl');
    await mailIsRight(page, 'SI');
    await askForKey(page);
    await expectSent(page);
  } finally {
    service.registry.up();
  }
  await keyFor(service, migrant);
});

test('M-REC-2 the answer is forgotten: the box leads to the document, in any spelling of it', pg, async ({ page, service, migrant }) => {
  await registered(service, migrant);
  await giveId(page, migrant.id.toLowerCase().replace('-', ' '), 'migrante');
  await forget(page);
  await giveDocumentBelow(page, ` ${migrant.document.toLowerCase().replace(/(\d{3})(?=\d)/g, '$1.')} `, 'migrante');
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, migrant);
});

test('M-REC-2 NO: the key goes to the new mail and mobile, the old ones get a notice, all of it in words of NIE', pg, async ({ page, service, migrant, someone }) => {
  const now = someone('migrante');
  await registered(service, migrant);
  await giveId(page, migrant.id, 'migrante');
  await forget(page);
  await giveDocumentBelow(page, migrant.document, 'migrante');
  await mailIsRight(page, 'NO');
  await giveContact(page, now.email, now.mobile);
  await askForKey(page);
  await expectSent(page);
  const key = await keyFor(service, now);
  const mail = await service.mail.wait(migrant.email, 'a otro correo');
  expect(mail.text).toContain('con su NIE y el número de su documento de identidad');
  expect(mail.text).toContain(`${service.url}/recuperar/migrante`);
  const sms = await service.sms.wait(migrant.mobile, 'otro correo o celular');
  expect(mail.text + mail.html + sms.text).not.toMatch(/\bRUT\b|cédula/i);
  expect(mail.text + mail.html + sms.text).not.toContain(key);
  await changeKey(page, migrant, key, newKey());
  for (const { email } of [migrant, now]) await service.mail.wait(email, 'fue cambiada');
});

test('M-REC-3 question and answer; every page and the mail lead on as a persona migrante', pg, async ({ page, service, migrant }) => {
  await registered(service, migrant);
  await page.goto('/recuperar/migrante');
  await heading(page, '¿Cuál es su NIE?');
  await expectNieWording(page);
  await giveId(page, migrant.id, 'migrante');
  await expectQuestion(page);
  await expect(page.getByText(QUESTION, { exact: true })).toBeVisible();
  await expectNieWording(page);
  await giveAnswer(page, migrant.answer);
  await askForKey(page);
  await expectSent(page);
  await expectNieWording(page);
  await expect(page.getByRole('link', { name: 'Crear mi clave nueva' })).toHaveAttribute('href', '/cambiar/migrante');
  const key = await keyFor(service, migrant);
  const mail = await service.mail.wait(migrant.email, 'Su clave provisoria');
  expect(mail.text).toContain(`${service.url}/cambiar/migrante`);
  expect(mail.text + mail.html).not.toMatch(/\bRUT\b|cédula/i);
  await changeKey(page, migrant, key, newKey());
});

test('M-REC-2 the wrong number of the document: its words, it stays in its field, and after a few tries a wait', async ({ page, service, migrant, someone, script }) => {
  const other = someone('migrante');
  await registered(service, migrant);
  await registered(service, other);
  await giveId(page, migrant.id, 'migrante');
  await forget(page);
  for (const [typed, words] of [
    ['', /Escriba el número de su documento/],
    ['12', /entre 4 y 20 letras y números/],
    ['V/1234567', /entre 4 y 20 letras y números/],
  ] as const) {
    await giveDocumentThere(page, typed, 'migrante');
    await refused(page, NUMBER, words, script);
    await expect(page.getByLabel(NUMBER)).toHaveValue(typed);
  }
  const wait = page.getByRole('alert').filter({ hasText: 'Demasiados intentos' });
  for (let time = 0; time < 10 && (await wait.count()) === 0; time++) {
    await giveDocument(page, other.document, 'migrante');
    await refused(page, NUMBER, /El NIE y el número de documento no coinciden/, script);
    await expect(page.getByLabel(NUMBER)).toHaveValue(other.document);
  }
  await expectNotice(page, 'Demasiados intentos', /espere 1 minuto/);
  await giveDocument(page, migrant.document, 'migrante');
  await expectNotice(page, 'Demasiados intentos');
  expect(service.mail.to(migrant.email).map((mail) => mail.subject)).not.toContainEqual(expect.stringContaining('provisoria'));
});

test('M-REC-3 a wrong answer three times: the wait names the way by the document', async ({ page, service, migrant, script }) => {
  await registered(service, migrant);
  await giveId(page, migrant.id, 'migrante');
  for (let time = 0; time < 3; time++) {
    await giveAnswer(page, 'no es esta');
    await refused(page, 'Respuesta Secreta', /La respuesta no es correcta/, script);
  }
  await expectNotice(page, 'Demasiados intentos', /use el número de su documento de identidad/);
  await expectNieWording(page);
  await forget(page);
  await giveDocumentBelow(page, migrant.document, 'migrante');
  await mailIsRight(page, 'SI');
});

test('M-REC a NIE that is none, each with its own message', async ({ page, script }) => {
  for (const [typed, words] of [
    ['', 'Escriba su NIE.'],
    ['AB_12345', /solo letras, números y guiones/],
    ['<script>alert(1)</script>', /solo letras, números y guiones/],
    ['A123', /no tiene la forma correcta/],
    ['7'.repeat(300), /no tiene la forma correcta/],
  ] as const) {
    await giveId(page, typed, 'migrante');
    await refused(page, 'NIE', words, script);
    await expect(page.getByLabel('NIE', { exact: true })).toHaveValue(typed.slice(0, 256));
  }
});

test('M-REC a NIE without an account: any document is the wrong one, and nothing more is said', async ({ page, migrant, script }) => {
  await giveId(page, migrant.id, 'migrante');
  await toDocument(page);
  await giveDocumentThere(page, migrant.document, 'migrante');
  await refused(page, NUMBER, /El NIE y el número de documento no coinciden/, script);
});

test('M-REC an account without a document on file can still recover by its answer', async ({ page, service, migrant }) => {
  await registered(service, migrant);
  await service.sql(`UPDATE account SET document_hash = NULL WHERE identifier = '${migrant.id.replace('-', '')}'`);
  await giveId(page, migrant.id, 'migrante');
  await giveAnswer(page, migrant.answer);
  await askForKey(page);
  await expectSent(page);
});
