import { chooseQuestion, dataShown, save, updated } from '../pasos/actualizar.ts';
import { changeKey, identify } from '../pasos/cambiar.ts';
import { heading, press, refused, success } from '../pasos/formulario.ts';
import { askForKey, expectSent, giveContact, giveDocumentThere, giveId, keyFor, mailIsRight, recovered, toDocument } from '../pasos/recuperar.ts';
import { fillAddress, fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { newKey, WORDS } from '../support/people.ts';
import { expect, test, type Page, type Person, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };
const NUMBER = WORDS.migrante.document;

/** No telephone number of the page breaks across lines. */
async function numbersUnbroken(page: Page) {
  const broken = await page.evaluate(() => {
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      for (const match of text.textContent!.matchAll(/800\s80\s10\s30|\+56\s9(\s[\d•]{4}){0,2}/g)) {
        const range = document.createRange();
        range.setStart(text, match.index);
        range.setEnd(text, match.index + match[0].length);
        const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
        if (lines.size > 1) found.push(match[0]);
        // In a sentence it holds at any width, not only at this one.
        const style = getComputedStyle(text.parentElement!);
        if (match[0].includes(' ') && style.whiteSpace !== 'nowrap') found.push(`${match[0]} may break`);
      }
    }
    return found;
  });
  expect(broken).toEqual([]);
}

/** Everything but the RUT or NIE is the stranger’s. */
const squatter = (owner: Person, stranger: Person): Person => ({ ...stranger, id: owner.id });

/** The owner registers an identity that another person has registered, and learns how to take it back. */
async function registerTaken(page: Page, service: Service, owner: Person) {
  await openRegistration(page, owner.kind);
  await fillRegistration(page, owner);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await page.getByText('¿Ya tenía Clave Sence?').click();
  await expect(page.locator('main')).toContainText('creó la cuenta otra persona? Recupérela con');
  await expect(page.locator('main')).toContainText('Si no resulta, llame gratis al 800 80 10 30.');
  await numbersUnbroken(page);
  const mail = await service.mail.wait(owner.email, 'Recibimos su registro en Clave SENCE');
  expect(mail.text).toContain(`${service.url}/recuperar/${owner.kind}`);
  await page.locator('main').getByRole('link', { name: 'Recuperar CS', exact: true }).click();
  await expect(page).toHaveURL(`/recuperar/${owner.kind}`);
}

/** By the document, up to where the key shall go. */
async function prove(page: Page, owner: Person) {
  await giveId(page, owner.id, owner.kind);
  await toDocument(page);
  await giveDocumentThere(page, owner.document, owner.kind);
}

/**
 * From the first step of “Recuperar CS” to a provisional key at the owner’s contact data. What is on file is offered unless there
 * is reason to doubt it.
 */
async function takeBack(page: Page, service: Service, owner: Person, stranger: Person, offered: boolean): Promise<string> {
  await prove(page, owner);
  if (offered) {
    await heading(page, 'Revise su correo');
    await expect(page.locator('main')).toContainText(`+56 9 •••• ••${stranger.mobile.slice(-2)}`);
    await expect(page.locator('main')).toContainText('Si alguno no es suyo, no puede usarlo o no creó usted esta cuenta, elija NO y escriba los suyos.');
    await mailIsRight(page, 'NO');
  }
  await giveContact(page, owner.email, owner.mobile);
  await heading(page, /Confirme y le enviamos/);
  const to = page.locator('main .dato');
  await expect(to).toHaveText([owner.email, `+56 9 ${owner.mobile.slice(0, 4)} ${owner.mobile.slice(4)}`]);
  await numbersUnbroken(page);
  await askForKey(page);
  await expectSent(page);
  const key = await keyFor(service, owner);
  expect((await service.sms.wait(stranger.mobile, 'otro correo o celular')).text).not.toContain(key);
  return key;
}

/** Sets the key, and chooses a secret question where “Éxito” says so. */
async function setKeyAndQuestion(page: Page, owner: Person, provisional: string) {
  await changeKey(page, owner, provisional, owner.key);
  await expect(page.locator('main')).toContainText('Por seguridad, borramos la pregunta secreta que había.');
  await expect(page.locator('main')).toContainText('con su clave nueva, y revise ahí su dirección.');
  await page.locator('main').getByRole('link', { name: 'Actualizar datos', exact: true }).click();
  await heading(page, 'Validar Datos');
  await page.getByLabel(WORDS[owner.kind].label, { exact: true }).fill(owner.id);
  await page.getByLabel('Clave Sence', { exact: true }).fill(owner.key);
  await press(page, 'Validar');
  await chooseQuestion(page, owner.answer);
  await dataShown(page);
  // Nor does she see where the stranger said to live.
  await expect(page.getByLabel('Dirección Particular', { exact: true })).toHaveValue('');
  await fillAddress(page);
  await save(page);
  await updated(page);
}

test('the owner of a RUT that a stranger registered learns how to take it back, and the stranger keeps nothing', pg, async ({ page, service, person, someone, script }) => {
  const stranger = squatter(person, someone());
  await registered(service, stranger);
  service.registry.add(person);
  await registerTaken(page, service, person);
  expect(service.mail.to(person.email)).toHaveLength(1);
  await service.mail.wait(stranger.email, 'Usted ya tiene Clave SENCE');

  await setKeyAndQuestion(page, person, await takeBack(page, service, person, stranger, false));
  await identify(page, person.id, stranger.key);
  await refused(page, 'CS Actual', /El RUT o la clave no son correctos/, script);
  await recovered(service, person);
});

test('the owner of a RUT that was registered with her own mail and another mobile sees that mobile, and no key goes there', pg, async ({ page, service, person, someone }) => {
  const stranger = { ...squatter(person, someone()), email: person.email };
  await registered(service, stranger);
  service.registry.add(person);
  await setKeyAndQuestion(page, person, await takeBack(page, service, person, stranger, true));
  expect(service.sms.to(stranger.mobile).filter((sms) => sms.text.includes('clave Sence provisoria'))).toEqual([]);
  await recovered(service, person);
});

test('an address that only looks like the owner’s gets one key, and then the owner is asked for hers', pg, async ({ page, service, person, someone }) => {
  const [local, domain] = person.email.split('@') as [string, string];
  const alike = `${local}x@${domain[0]}x.${domain.split('.').pop()}`;
  const stranger = { ...squatter(person, someone()), email: alike };
  await registered(service, stranger);
  service.registry.add(person);
  await prove(page, person);
  await mailIsRight(page, 'SI');
  await heading(page, /Confirme y le enviamos/);
  await expect(page.locator('main .dato')).toContainText(['•••••@', `+56 9 •••• ••${stranger.mobile.slice(-2)}`]);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, stranger);
  await expect(page.locator('main')).toContainText('¿No le llega? Pida otra en Recuperar CS: le preguntaremos a qué correo enviarla.');
  await page.locator('main').getByRole('link', { name: 'Recuperar CS', exact: true }).click();
  await expect(page).toHaveURL('/recuperar/natural');
  await setKeyAndQuestion(page, person, await takeBack(page, service, person, stranger, false));
  await recovered(service, person);
});

test('a stranger who changes the key meanwhile ends no recovery by document; after five keys the page leads to the document', async ({ page, service, person, someone, script }) => {
  const stranger = squatter(person, someone());
  await registered(service, stranger);
  service.registry.add(person);
  await prove(page, person);
  await mailIsRight(page, 'NO');
  await heading(page, '¿Dónde quiere recibir su clave?');
  const other = await page.context().browser()!.newContext({ baseURL: service.url, javaScriptEnabled: script });
  const theirs = await other.newPage();
  let key = stranger.key;
  for (let changes = 0; changes < 5; changes++) {
    const next = newKey();
    await changeKey(theirs, stranger, key, next);
    key = next;
  }
  await identify(theirs, person.id, key);
  await heading(theirs, 'Validar Datos');
  await expect(theirs.locator('main')).toContainText('Su clave ya cambió varias veces hoy');
  await expect(theirs.locator('main')).toContainText('Recupérela ahora en «Recuperar CS» con su documento de identidad');
  await numbersUnbroken(theirs);
  await other.close();
  await giveContact(page, person.email, person.mobile);
  await askForKey(page);
  await expectSent(page);
  await setKeyAndQuestion(page, person, await keyFor(service, person));
});

test('without a registry of foreign documents, the owner of a NIE that a stranger registered is led to the help line, as everybody is', async ({ page, service, migrant, someone, script }) => {
  const stranger = squatter(migrant, someone('migrante'));
  await registered(service, stranger);
  await registerTaken(page, service, migrant);
  for (const person of [migrant, someone('migrante')]) {
    await giveId(page, person.id, 'migrante');
    await toDocument(page);
    await giveDocumentThere(page, person.document, 'migrante');
    await refused(page, NUMBER, /^El NIE y el número de documento no coinciden\. Revise los dos, o vaya a «Regístrese»\.$/, script);
  }
});

test.describe('with a registry of foreign documents', () => {
  test.use({ baseURL: async ({ foreignService }, use) => use(foreignService.url) });

  test('the owner of a NIE that a stranger registered takes it back by the document of the registry', pg, async ({ page, foreignService: service, migrant, someone, script }) => {
    const stranger = squatter(migrant, someone('migrante'));
    await registered(service, stranger);
    service.foreign.add(migrant);
    await registerTaken(page, service, migrant);
    await giveId(page, migrant.id, 'migrante');
    await toDocument(page);
    await giveDocumentThere(page, stranger.document, 'migrante');
    await refused(page, NUMBER, /El NIE y el número de documento no coinciden/, script);
    await setKeyAndQuestion(page, migrant, await takeBack(page, service, migrant, stranger, false));
  });
});
