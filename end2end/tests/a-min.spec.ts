import { chooseQuestion, dataShown, openUpdate, save, seeData, updated } from '../pasos/actualizar.ts';
import { identify, setKey } from '../pasos/cambiar.ts';
import { heading, press, pressAndStay, refused, success, expectNotice } from '../pasos/formulario.ts';
import { askForKey, giveAnswer, giveContact, giveDocument, giveId, keyFor, expectSent } from '../pasos/recuperar.ts';
import { registered, registeredWithout } from '../pasos/registrar.ts';
import { KINDS, newKey, plainId } from '../support/people.ts';
import { expect, test, type Page } from '../support/test.ts';

const pg = { tag: '@pg' };
const AGAIN = 'Ya los completé: continuar';

/** The page that stops somebody, and names what is missing. */
async function stopped(page: Page, path: string) {
  await heading(page, 'Faltan datos en su cuenta');
  await expect(page).toHaveURL(path);
  await lacks(page, 'su correo electrónico');
}

/** What the page names as missing. */
const lacks = (page: Page, ...data: string[]) =>
  expect(page.locator('main').getByRole('list').getByRole('listitem')).toHaveText(data);

for (const kind of KINDS) {
  test(`A-MIN ${kind}: a change of key stops, the data is completed without typing the key again, and it resumes`, pg, async ({ page, service, someone }) => {
    const person = someone(kind);
    await registeredWithout(service, person, 'mail');
    await identify(page, person.id, person.key, kind);
    await stopped(page, `/cambiar/${kind}/faltan-datos`);
    await press(page, 'Actualizar datos');
    await expect(page).toHaveURL(`/actualizar/${kind}/pregunta`);
    await giveAnswer(page, person.answer);
    await dataShown(page);
    await lacks(page, 'su correo electrónico');
    await expect(page.getByLabel('Email Actual', { exact: true })).toHaveValue('');
    await expect(page.getByLabel('Celular Nuevo', { exact: true })).toHaveValue(person.mobile);
    await expect(page.getByLabel('Sin Celular', { exact: true })).not.toBeChecked();
    await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
    await save(page);
    await updated(page);
    await press(page, 'Seguir con Cambiar CS');
    const key = newKey();
    await setKey(page, key);
    await success(page, 'Su clave fue cambiada.');
    await service.mail.wait(person.email, 'fue cambiada');
    await identify(page, person.id, key, kind);
    await heading(page, 'Elija su clave nueva');
  });

  test(`A-MIN ${kind}: a recovery stops, continues with the document, and the key arrives where the person says`, pg, async ({ page, service, someone }) => {
    const person = someone(kind);
    await registeredWithout(service, person, 'mail');
    if (kind === 'natural') service.registry.add(person);
    await giveId(page, person.id, kind);
    await giveAnswer(page, person.answer);
    await stopped(page, `/recuperar/${kind}/faltan-datos`);
    await press(page, kind === 'natural' ? 'Seguir con mi cédula' : 'Seguir con mi documento');
    await giveDocument(page, person.document, kind);
    await giveContact(page, person.email, person.mobile);
    await askForKey(page);
    await expectSent(page);
    const key = await keyFor(service, person);
    // The key is good for setting a new one: the address that it went to is on file from then on.
    await identify(page, person.id, key, kind);
    await setKey(page, newKey());
    await success(page, 'Su clave fue cambiada.');
    await service.mail.wait(person.email, 'fue cambiada');
  });
}

test('A-MIN “Ya los completé: continuar”: a change resumes only once the data is there', pg, async ({ page, context, service, person }) => {
  await registeredWithout(service, person, 'mail');
  await identify(page, person.id, person.key);
  await stopped(page, '/cambiar/natural/faltan-datos');
  await pressAndStay(page, AGAIN);
  await expectNotice(page, 'Todavía faltan datos');
  await stopped(page, '/cambiar/natural/faltan-datos');
  const other = await context.newPage();
  await seeData(other, person);
  await other.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(other);
  await updated(other);
  await press(page, AGAIN);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
});

test('A-MIN “Ya los completé: continuar”: a recovery resumes only once the data is there', pg, async ({ page, context, service, person }) => {
  await registeredWithout(service, person, 'mail');
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await stopped(page, '/recuperar/natural/faltan-datos');
  await pressAndStay(page, AGAIN);
  await expectNotice(page, 'Todavía faltan datos');
  await stopped(page, '/recuperar/natural/faltan-datos');
  const other = await context.newPage();
  await seeData(other, person);
  await other.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(other);
  await updated(other);
  await press(page, AGAIN);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('A-MIN a recovery that stopped is offered at the end of “Actualizar datos”', async ({ page, service, person }) => {
  await registeredWithout(service, person, 'mail');
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await stopped(page, '/recuperar/natural/faltan-datos');
  await page.locator('main').getByRole('link', { name: 'Actualizar datos' }).click();
  await seeData(page, person);
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  await press(page, 'Seguir con Recuperar CS');
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('A-MIN an account with neither mail nor question chooses one on the way', async ({ page, service, person }) => {
  await registeredWithout(service, person, 'question and mail');
  await identify(page, person.id, person.key);
  await stopped(page, '/cambiar/natural/faltan-datos');
  await press(page, 'Actualizar datos');
  await chooseQuestion(page, person.answer);
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  await press(page, 'Seguir con Cambiar CS');
  await heading(page, 'Elija su clave nueva');
});

test('A-MIN without question and mail a recovery by the document asks where to send the key', async ({ page, service, person }) => {
  await registeredWithout(service, person, 'question and mail');
  service.registry.add(person);
  await giveId(page, person.id);
  await giveDocument(page, person.document);
  await giveContact(page, person.email, person.mobile);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('A-MIN “Actualizar datos” names all that is missing, and takes nothing less', async ({ page, service, person, script }) => {
  await registeredWithout(service, person, 'question and mail');
  await service.sql(`UPDATE account SET street = NULL, street_number = NULL, comuna = NULL WHERE identifier = '${plainId(person)}'`);
  await openUpdate(page, person, person.key);
  await chooseQuestion(page, person.answer);
  await dataShown(page);
  await lacks(page, 'su dirección', 'su correo electrónico');
  await save(page);
  for (const label of ['Dirección Particular', 'N° de Dirección Particular', 'Región', 'Comuna', 'Email Actual']) {
    await refused(page, label, /^(Escriba|Elija) /, script);
  }
  await page.getByLabel('Dirección Particular', { exact: true }).fill('Pasaje Los Aromos');
  await page.getByLabel('N° de Dirección Particular', { exact: true }).fill('S/N');
  await page.getByLabel('Región', { exact: true }).selectOption({ label: 'Valparaíso' });
  await page.getByLabel('Comuna', { exact: true }).selectOption({ label: 'Viña del Mar' });
  await page.getByLabel('Email Actual', { exact: true }).fill(person.email);
  await save(page);
  await updated(page);
  await seeData(page, person);
  await lacks(page);
});

test('A-MIN a change of somebody else is not offered at the end of an update', async ({ page, service, person, someone }) => {
  const other = someone();
  await registered(service, other);
  await registeredWithout(service, person, 'mail');
  await identify(page, person.id, person.key);
  await stopped(page, '/cambiar/natural/faltan-datos');
  await seeData(page, other);
  await page.getByLabel('Block', { exact: true }).fill('A');
  await save(page);
  await updated(page);
  await expect(page.getByRole('button', { name: /Seguir con/ })).toHaveCount(0);
});

test('A-MIN back button, reload and a stop that has expired', async ({ page, context, service, person }) => {
  await registeredWithout(service, person, 'mail');
  await identify(page, person.id, person.key);
  await stopped(page, '/cambiar/natural/faltan-datos');
  await page.reload();
  await stopped(page, '/cambiar/natural/faltan-datos');
  // Nothing of the change can be reached around the stop.
  await page.goto('/cambiar/natural/clave');
  await stopped(page, '/cambiar/natural/faltan-datos');
  await press(page, 'Actualizar datos');
  await heading(page, 'Responda su pregunta secreta');
  await page.goBack();
  await stopped(page, '/cambiar/natural/faltan-datos');
  await context.clearCookies();
  await press(page, 'Actualizar datos');
  await expectNotice(page, 'Pasó mucho tiempo');
  await heading(page, 'Validar Datos');
});
