import { chooseQuestion, dataShown, openUpdate, save, updated } from '../pasos/actualizar.ts';
import { changeKey } from '../pasos/cambiar.ts';
import { heading, refused, expectNieWording } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveDocument, giveId, keyFor, expectSent } from '../pasos/recuperar.ts';
import { registered, registeredWithout } from '../pasos/registrar.ts';
import { newKey, WORDS } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

test('M-UPD by the key to “Éxito”: old and new mail get a notice in words of NIE, the key stays', pg, async ({ page, service, migrant, someone }) => {
  const now = someone('migrante');
  await registered(service, migrant);
  await page.goto('/actualizar/migrante');
  await expectNieWording(page);
  await openUpdate(page, migrant, migrant.key);
  await expectQuestion(page);
  await expectNieWording(page);
  await giveAnswer(page, migrant.answer);
  await dataShown(page);
  await expectNieWording(page);
  await expect(page.getByLabel('Email Actual', { exact: true })).toHaveValue(migrant.email);
  await page.getByLabel('Email Actual', { exact: true }).fill(now.email);
  await save(page);
  await updated(page);
  for (const { email } of [migrant, now]) {
    const mail = await service.mail.wait(email, 'fueron actualizados');
    expect(mail.text).toContain(`${service.url}/recuperar/migrante`);
    expect(mail.text + mail.html).not.toMatch(/\bRUT\b|cédula/i);
  }
  await changeKey(page, migrant, migrant.key, newKey());
});

test('M-UPD an account without a secret question chooses it, and recovers by it', pg, async ({ page, service, migrant }) => {
  await registeredWithout(service, migrant, 'question');
  await openUpdate(page, migrant, migrant.key);
  await chooseQuestion(page, migrant.answer);
  await dataShown(page);
  await save(page);
  await updated(page);
  await giveId(page, migrant.id, 'migrante');
  await giveAnswer(page, migrant.answer);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, migrant);
});

test('M-UPD an answer that is forgotten: the number of the document, then another question', pg, async ({ page, service, migrant, script }) => {
  await registered(service, migrant);
  await openUpdate(page, migrant, migrant.key);
  await forget(page);
  await expectNieWording(page);
  await giveDocument(page, '00000000', 'migrante');
  await refused(page, WORDS.migrante.document, /El NIE y el número de documento no coinciden/, script);
  await giveDocument(page, migrant.document, 'migrante');
  await chooseQuestion(page, 'Otra respuesta');
  await dataShown(page);
  await save(page);
  await updated(page);
  await giveId(page, migrant.id, 'migrante');
  await giveAnswer(page, 'Otra respuesta');
  await heading(page, /Confirme y le enviamos/);
});

test('M-UPD nothing, a wrong NIE and a wrong key: each with its own message', async ({ page, service, migrant, someone, script }) => {
  await registered(service, migrant);
  await openUpdate(page, { ...migrant, id: '' }, '');
  await refused(page, 'NIE', 'Escriba su NIE.', script);
  await refused(page, 'Clave Sence', 'Escriba su clave.', script);
  for (const who of [{ ...migrant, key: 'vK0000000' }, { ...someone('migrante'), key: migrant.key }]) {
    await openUpdate(page, who, who.key);
    await refused(page, 'Clave Sence', /El NIE o la clave no son correctos/, script);
    await expect(page.getByLabel('NIE', { exact: true })).toHaveValue(who.id);
  }
});
