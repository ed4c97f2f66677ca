import { WORDS, type Kind } from '../support/people.ts';
import { expect, type Page, type Person, type Service } from '../support/test.ts';
import { chooseQuestion, dataShown, openUpdate, openUpdateByBirth, save, seeData, updated } from './actualizar.ts';
import { identify } from './cambiar.ts';
import { heading, press, pressAndStay, settled, success, summary } from './formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveContact, giveDocument, giveDocumentBelow, giveId, mailIsRight, expectSent } from './recuperar.ts';
import { fillRegistration, openRegistration, registered, registeredWithout } from './registrar.ts';

/** Looks at the page that is there. */
export type Look = (what: string) => Promise<void>;

/** Who walks, and where. */
interface Walk {
  page: Page;
  service: Service;
  someone: (kind?: Kind) => Person;
  look: Look;
}

async function wrong(page: Page) {
  await settled(page);
  await expect(summary(page)).toBeVisible();
}

/** M-REG: the form refused as a whole, then as it is longest, then sent. */
export async function walkRegistration({ page, someone, look }: Walk, kind: Kind) {
  await openRegistration(page, kind);
  await look(`registrar ${kind}`);
  await press(page, 'Crear Cuenta');
  await wrong(page);
  await look(`registrar ${kind}, empty`);
  await fillRegistration(page, someone(kind));
  await page.getByLabel('Dirección Particular', { exact: true }).fill('Calle de nombre largo '.repeat(12));
  await press(page, 'Crear Cuenta');
  await wrong(page);
  await look(`registrar ${kind}, refused`);
}

/** Every step of “Actualizar datos”, each with its errors. */
export async function walkUpdate({ page, service, someone, look }: Walk, kind: Kind) {
  const [person, without] = [someone(kind), someone(kind)];
  await registered(service, person);
  await registeredWithout(service, without, 'question');
  await openUpdate(page, person, 'otra');
  await wrong(page);
  await look(`actualizar ${kind}, refused`);
  await openUpdate(page, without, without.key);
  await heading(page, 'Elija su pregunta secreta');
  await look(`elegir ${kind}`);
  await chooseQuestion(page, '', '');
  await wrong(page);
  await look(`elegir ${kind}, refused`);
  await openUpdate(page, person, person.key);
  await expectQuestion(page);
  await look(`actualizar pregunta ${kind}`);
  await giveAnswer(page, 'no es');
  await wrong(page);
  await look(`actualizar pregunta ${kind}, refused`);
  await forget(page);
  await heading(page, WORDS[kind].documentHeading);
  await look(`actualizar documento ${kind}, forgotten`);
  await page.getByRole('link', { name: 'Recordé mi respuesta' }).click();
  await giveAnswer(page, person.answer);
  await dataShown(page);
  await look(`datos ${kind}`);
  await page.getByLabel('Dirección Particular', { exact: true }).fill('Calle de nombre largo '.repeat(12));
  await page.getByLabel('Email Actual', { exact: true }).fill('nadie');
  await save(page, '');
  await wrong(page);
  await look(`datos ${kind}, refused`);
  await page.getByLabel('Dirección Particular', { exact: true }).fill('Calle Nueva');
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  await look(`actualizar ${kind}, listo`);
  await seeData(page, person);
  await save(page);
  await success(page, /ya estaban así/);
  await look(`actualizar ${kind}, nothing changed`);
}

/** The steps of “Actualizar datos” that only V-UPD has. */
export async function walkUpdateByBirth({ page, service, someone, look }: Walk, kind: Kind) {
  const person = someone(kind);
  await registeredWithout(service, person, 'question');
  await openUpdateByBirth(page, { ...person, born: 'ayer', email: 'nadie' });
  await wrong(page);
  await look(`actualizar ${kind} by birth, refused`);
  await openUpdateByBirth(page, { ...person, born: '01-12-1950' });
  await wrong(page);
  await look(`actualizar ${kind} by birth, not the same`);
  await openUpdateByBirth(page, person);
  await heading(page, WORDS[kind].documentHeading);
  await look(`actualizar documento ${kind}`);
  await giveDocument(page, 'A000000000', kind);
  await wrong(page);
  await look(`actualizar documento ${kind}, refused`);
}

/** A-MIN: both stop pages, and the end of an update that leads back. */
export async function walkMissing({ page, service, someone, look }: Walk, kind: Kind) {
  const person = someone(kind);
  await registeredWithout(service, person, 'mail');
  await giveId(page, person.id, kind);
  await giveAnswer(page, person.answer);
  await heading(page, 'Faltan datos en su cuenta');
  await look(`recuperar ${kind}, faltan datos`);
  await pressAndStay(page, 'Ya los completé: continuar');
  await look(`recuperar ${kind}, todavía faltan`);
  await identify(page, person.id, person.key, kind);
  await heading(page, 'Faltan datos en su cuenta');
  await look(`cambiar ${kind}, faltan datos`);
  await pressAndStay(page, 'Ya los completé: continuar');
  await look(`cambiar ${kind}, todavía faltan`);
  await press(page, 'Actualizar datos');
  await giveAnswer(page, person.answer);
  await dataShown(page);
  await look(`datos ${kind}, faltan datos`);
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  await expect(page.getByRole('button', { name: 'Seguir con Cambiar CS' })).toBeVisible();
  await look(`actualizar ${kind}, back to what waits`);
}

/** The steps of a recovery that word a persona migrante otherwise; and its end. */
export async function walkRecovery({ page, service, someone, look }: Walk, kind: Kind) {
  const person = someone(kind);
  await registered(service, person);
  if (kind === 'natural') service.registry.add(person);
  await giveId(page, '1', kind);
  await wrong(page);
  await look(`recuperar ${kind}, refused`);
  await giveId(page, person.id, kind);
  await forget(page);
  if (kind === 'migrante') await page.locator('summary').click();
  await look(`documento ${kind}, with help`);
  await giveDocumentBelow(page, 'A000000000', kind);
  await wrong(page);
  await heading(page, WORDS[kind].documentHeading);
  await look(`documento ${kind}, refused`);
  await giveDocument(page, person.document, kind);
  await mailIsRight(page, 'NO');
  await giveContact(page, person.email, person.mobile);
  await askForKey(page);
  await expectSent(page);
  await look(`recuperar ${kind}, listo`);
}
