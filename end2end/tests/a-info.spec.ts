import { openUpdate, openUpdateByBirth } from '../pasos/actualizar.ts';
import { changeKey, identify, setKey } from '../pasos/cambiar.ts';
import { heading, press, settled } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveDocument, giveDocumentBelow, giveDocumentThere, giveId, recovered, toDocument } from '../pasos/recuperar.ts';
import { registered, registeredWithout } from '../pasos/registrar.ts';
import { newKey, WORDS } from '../support/people.ts';
import { expect, test, type Page } from '../support/test.ts';

const IN_A_TAB = '(se abre en otra pestaña)';

/** The link behind a message leads to an answer that is there and to be seen, in another tab; what was under way stays. */
async function leadsTo(page: Page, anchor: string, name = 'Qué puedo hacer') {
  await settled(page);
  const link = page.locator('main').getByRole('link', { name: `${name} ${IN_A_TAB}`, exact: true });
  await expect(link).toHaveAttribute('href', `/informacion#${anchor}`);
  const from = [page.url(), await page.getByRole('heading', { level: 1 }).textContent()];
  const [help] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await expect(help).toHaveURL(`/informacion#${anchor}`);
  await heading(help, 'Más información');
  const question = help.locator(`#${anchor}`);
  await expect(question).toHaveCount(1);
  await expect(question).toBeInViewport();
  await expect(question).toHaveRole('term');
  const answer = help.locator(`#${anchor} + dd`);
  await expect(answer).toBeVisible();
  await expect(answer).not.toHaveText(/^\s*$|[{}]/);
  await help.close();
  await heading(page, from[1]!);
  await expect(page).toHaveURL(from[0]!);
}

test('A-INFO what the key is, what each kind must have, and all that may stop a person', async ({ page }) => {
  await page.goto('/informacion');
  const main = page.locator('main');
  for (const words of [
    'Es la clave con la que usted entra a los sistemas de SENCE', 'Es personal e intransferible', 'No es la ClaveÚnica',
    'Persona Natural: RUT chileno', 'Persona Migrante: NIE', 'Persona Jurídica: RUT de la empresa', 'un correo electrónico que usted pueda abrir',
    'Vale 24 horas', '800 80 10 30',
  ]) await expect(main).toContainText(words);
  const anchors = ['olvide-clave', 'olvide-respuesta', 'serie', 'cedula-bloqueada', 'documento', 'registro-civil', 'representante', 'sii', 'faltan-datos',
    'otra-persona', 'correo-antiguo', 'clave-provisoria', 'espere', 'muchas-claves', 'no-llega', 'vencio', 'clave-facil',
    'facilitador', 'solicitudes-abiertas', 'archivo'];
  expect(await main.locator('dt').evaluateAll((terms) => terms.map((term) => term.id))).toEqual(anchors);
  for (const anchor of anchors) {
    await expect(page.locator(`#${anchor}`)).not.toBeEmpty();
    await expect(page.locator(`#${anchor} + dd`)).toHaveText(/\.( |$)/);
  }
  await expect(main).not.toContainText(/[{}]/);
  // Where an errand helps, the answer leads to it.
  for (const [anchor, path, name] of [
    ['olvide-clave', '/recuperar', 'Recuperar CS'], ['faltan-datos', '/actualizar', 'Actualizar datos'], ['clave-provisoria', '/cambiar', 'Cambiar CS'],
  ]) await expect(page.locator(`#${anchor} + dd`).getByRole('link', { name })).toHaveAttribute('href', path!);
});

test('A-INFO beside a form “Más información” opens in another tab, and what was typed stays', async ({ page, person }) => {
  for (const path of ['/recuperar/natural', '/registrar/natural', '/cambiar/natural', '/actualizar/natural', '/facilitador']) {
    await page.goto(path);
    await page.locator('input[name="rut"]').fill(person.id);
    const link = page.getByRole('navigation').getByRole('link', { name: `Más información ${IN_A_TAB}`, exact: true });
    const [help] = await Promise.all([page.waitForEvent('popup'), link.click()]);
    await heading(help, 'Más información');
    await help.close();
    await expect(page.locator('input[name="rut"]')).toHaveValue(person.id);
  }
  // Where nothing is typed, it is a link like the others.
  await page.goto('/recuperar');
  await expect(page.getByRole('link', { name: 'Más información', exact: true })).not.toHaveAttribute('target');
});

test('A-INFO from a change: expired, missing data', async ({ page, service, person }) => {
  await registeredWithout(service, person, 'mail');
  await page.goto('/cambiar/natural?aviso=vencido');
  await leadsTo(page, 'vencio');
  // Only the links below the form and to a registration lead on from a wrong key.
  await identify(page, person.id, 'otra');
  await expect(page.locator('main a')).toHaveText(['El RUT o la clave no son correctos. Revise los dos.', 'Regístrese', 'Volver', 'Recuperar CS']);
  await identify(page, person.id, person.key);
  await leadsTo(page, 'faltan-datos', 'Por qué falta y qué puedo hacer');
  await press(page, 'Ya los completé: continuar');
  await leadsTo(page, 'faltan-datos');
});

test('A-INFO a page that a message names is a link for the same kind, beside the field and below the errors', async ({ page, service, person }) => {
  const main = page.locator('main');
  const leadBoth = async (name: string, path: string) => {
    await settled(page);
    await expect(main.locator('.error').getByRole('link', { name, exact: true })).toHaveAttribute('href', path);
    await expect(main.getByRole('alert').getByRole('link', { name: `Ir a ${name}`, exact: true })).toHaveAttribute('href', path);
  };
  await registered(service, person);
  await openUpdate(page, person, await recovered(service, person));
  await leadBoth('Cambiar CS', '/cambiar/natural');
  await main.locator('.error').getByRole('link').click();
  await heading(page, 'Validar Datos');
  await expect(page).toHaveURL('/cambiar/natural');
});

test('A-INFO from a change: a key that is easy to guess or was used before, a provisional key that is spent', async ({ page, service, person }) => {
  await registered(service, person);
  await identify(page, person.id, person.key);
  for (const key of ['sence2024!', person.key]) {
    await setKey(page, key);
    await leadsTo(page, 'clave-facil');
  }
  const provisional = await recovered(service, person);
  await openUpdate(page, person, provisional);
  await leadsTo(page, 'clave-provisoria');
  await changeKey(page, person, provisional, newKey());
  await identify(page, person.id, provisional);
  await leadsTo(page, 'clave-provisoria');
});

test('A-INFO from a recovery: wrong answer, wrong and blocked cédula, a registry that is down, a wait', async ({ page, service, person, someone }) => {
  const blocked = someone();
  await registered(service, person);
  service.registry.add(blocked, 'bloqueado');
  await giveId(page, person.id);
  await giveAnswer(page, 'no es');
  await leadsTo(page, 'olvide-respuesta');
  for (let time = 0; time < 2; time++) {
    await giveAnswer(page, 'no es');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveValue('');
  }
  await giveAnswer(page, 'no es');
  await expect(page.getByRole('alert').filter({ hasText: 'Demasiados intentos' })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'Hay algo que corregir' })).toHaveCount(0);
  await leadsTo(page, 'espere');
  await forget(page);
  await giveDocumentBelow(page, 'A000000000');
  await leadsTo(page, 'serie');
  service.registry.down();
  try {
    await giveDocument(page, person.document);
    await leadsTo(page, 'registro-civil');
  } finally {
    service.registry.up();
  }
  await giveId(page, blocked.id);
  await toDocument(page);
  await giveDocumentThere(page, blocked.document);
  await leadsTo(page, 'cedula-bloqueada');
});

test('A-INFO from a recovery of a persona migrante, and from another tab', async ({ page, context, service, migrant }) => {
  await registered(service, migrant);
  await giveId(page, migrant.id, 'migrante');
  await forget(page);
  await giveDocumentBelow(page, '00000000', 'migrante');
  await expect(page.getByLabel(WORDS.migrante.document)).toHaveAttribute('aria-invalid', 'true');
  await leadsTo(page, 'documento');
  const other = await context.newPage();
  await giveId(other, migrant.id, 'migrante');
  await expectQuestion(other);
  await giveDocument(page, migrant.document, 'migrante');
  await expect(page.getByRole('status').filter({ hasText: 'Usted comenzó otro trámite' })).toBeVisible();
  await leadsTo(page, 'vencio');
});

test('A-INFO from an update: a wrong key, an answer that is forgotten, a wrong serial', async ({ page, service, person }) => {
  await registered(service, person);
  // Only the link below the form leads on: the same page four times over would not help.
  await openUpdate(page, person, 'otra');
  await expect(page.locator('.resumen')).toContainText('El RUT o la clave no son correctos. Revise los dos.');
  await expect(page.locator('main a')).toHaveText(['El RUT o la clave no son correctos. Revise los dos.', 'Volver', 'Recuperar CS']);
  await openUpdate(page, person, person.key);
  await giveAnswer(page, 'no es');
  await leadsTo(page, 'olvide-respuesta');
  await forget(page);
  await giveDocument(page, 'A000000000');
  await leadsTo(page, 'serie');
});

test.describe('as the older guides have it', () => {
  test.use({ baseURL: async ({ olderService }, use) => use(olderService.url) });

  test('A-INFO from three data that do not fit, and from the last key of the day; the hours follow the configuration', async ({ page, olderService, person }) => {
    await registered(olderService, person);
    await openUpdateByBirth(page, { ...person, born: '01-12-1950' });
    await leadsTo(page, 'correo-antiguo');
    for (let time = 0; time < 3; time++) await recovered(olderService, person);
    await giveId(page, person.id);
    await giveAnswer(page, person.answer);
    await askForKey(page);
    await expect(page.getByRole('alert').filter({ hasText: 'Ya le enviamos varias claves hoy' })).toBeVisible();
    await leadsTo(page, 'muchas-claves');
    await page.goto('/informacion');
    await expect(page.locator('#clave-provisoria + dd')).toContainText('Vale 1 hora, se usa una sola vez');
    await expect(page.locator('main')).not.toContainText('24 horas');
  });
});
