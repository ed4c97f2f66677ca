import { chooseQuestion, dataShown, openUpdateByBirth, save, updated } from '../pasos/actualizar.ts';
import { changeKey, identify } from '../pasos/cambiar.ts';
import { summaryLinks, heading, press, refused, success, expectNotice } from '../pasos/formulario.ts';
import { giveAnswer, giveDocument, giveId, keyFor, recoverByAnswer } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered, registeredWithout } from '../pasos/registrar.ts';
import { KINDS, newKey, plainId, WORDS } from '../support/people.ts';
import { expect, LETTERS, test, type Page, type Service } from '../support/test.ts';

const pg = { tag: '@pg' };
const KEY = /\b[A-Z]\d{5}[A-Z]\d\b/;
const BIRTH = 'Fecha de Nacimiento';
const NOT_THE_SAME = /^Estos datos no corresponden a una misma cuenta/;

/** “28-05-2019 10:47” as Chile’s clocks have it, so many hours from now; and the minute before, for a slow page. */
function until(hours: number): string[] {
  const clock = new Intl.DateTimeFormat('es-CL', {
    timeZone: 'America/Santiago', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  return [0, 1, 2].map((minutes) => {
    const at = new Date(Date.now() + hours * 3_600_000 - minutes * 60_000);
    const { day, month, year, hour, minute } = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${day}-${month}-${year} ${hour}:${minute}`;
  });
}

/** The page and the mail name the moment until which a key works, in Chile’s time. */
async function validUntil(page: Page, service: Service, email: string, hours: number) {
  const said = /válida hasta el (\d\d-\d\d-\d{4} \d\d:\d\d) \(hora de Chile\)/.exec(await page.locator('main').innerText())?.[1];
  expect(until(hours)).toContain(said);
  const mail = await service.mail.wait(email, 'Su clave provisoria');
  expect(mail.text).toContain(`${hours === 1 ? '1 hora' : `${hours} horas`}, hasta el ${said} (hora de Chile)`);
}

test('V-SHOW off by default: the date is on the screen, the key is not', pg, async ({ page, service, person }) => {
  await registered(service, person);
  await recoverByAnswer(page, person);
  await keyFor(service, person);
  await validUntil(page, service, person.email, 24);
  expect(await page.content()).not.toMatch(KEY);
});

test('CS_NIE_PATTERN off by default: any 5 to 20 letters and digits', async ({ page, service, migrant }) => {
  const owner = { ...migrant, id: migrant.id.slice(3) };
  await registered(service, owner);
  await identify(page, owner.id, owner.key, 'migrante');
  await heading(page, 'Elija su clave nueva');
});

test('V-UPD off by default: nobody is asked for a date of birth', async ({ page }) => {
  for (const kind of KINDS) {
    for (const errand of ['registrar', 'actualizar']) {
      await page.goto(`/${errand}/${kind}`);
      await expect(page.getByLabel(BIRTH)).toHaveCount(0);
    }
  }
});

test.describe('as the older guides have it', () => {
  test.use({ baseURL: async ({ olderService }, use) => use(olderService.url) });

  for (const kind of KINDS) {
    test(`V-SHOW ${kind}: the key on the screen is the key of the mail, it works, and is gone with its use`, pg, async ({ page, olderService, someone }) => {
      const person = someone(kind);
      await registered(olderService, person);
      await recoverByAnswer(page, person);
      await expect(page.locator('main')).toContainText('Se ha generado una clave provisoria, la cual es:');
      const shown = (await page.locator('main').innerText()).match(KEY)?.[0];
      expect(await keyFor(olderService, person)).toBe(shown);
      await validUntil(page, olderService, person.email, 1);
      const end = page.url();
      await page.reload();
      await expect(page.locator('main')).toContainText(shown!);

      // Another browser does not see it.
      const other = await page.context().browser()!.newContext({ baseURL: olderService.url });
      const stranger = await other.newPage();
      await stranger.goto(end);
      expect(await stranger.content()).not.toMatch(KEY);
      await other.close();

      await changeKey(page, person, shown!, newKey());
      await page.goto(end);
      expect(await page.content()).not.toMatch(KEY);
    });
  }

  test('V-TTL one hour: screen, mail, SMS and “Más información” say so; after it the key is refused', pg, async ({ page, olderService, person, script }) => {
    await registered(olderService, person);
    await recoverByAnswer(page, person);
    const key = await keyFor(olderService, person);
    await validUntil(page, olderService, person.email, 1);
    expect((await olderService.sms.wait(person.mobile, 'provisoria')).text).toContain('Vale 1 hora.');
    await page.goto('/informacion');
    await expect(page.locator('main')).toContainText('Vale 1 hora, se usa una sola vez');
    await expect(page.locator('main')).not.toContainText('24 horas');
    // 59 minutes later, and an hour later.
    await olderService.sql('UPDATE provisional_key SET expires_at = expires_at - 59 * 60000 WHERE used_at IS NULL');
    await identify(page, person.id, key);
    await heading(page, 'Elija su clave nueva');
    await olderService.sql('UPDATE provisional_key SET expires_at = expires_at - 60000 WHERE used_at IS NULL');
    await identify(page, person.id, key);
    await refused(page, 'CS Actual', /ya venció/, script);
  });

  /** What is none, and its words. */
  const WRONG: [typed: string, words: RegExp][] = [
    ['', /^Escriba su fecha de nacimiento\.$/],
    [`01-12-${new Date().getFullYear() + 1}`, /^Esa fecha todavía no llega\. Revise el año\.$/],
    ['01-12-1892', /^Esa fecha es muy antigua\. Revise el año\.$/],
    ['31-02-1992', /^Escriba día, mes y año, como 01-12-1992\.$/],
    ['12-31-1992', /^Escriba día, mes y año, como 01-12-1992\.$/],
    ['01-12-92', /^Escriba día, mes y año, como 01-12-1992\.$/],
    ['ayer', /^Escriba día, mes y año, como 01-12-1992\.$/],
    ['1 de diciembre de 1992', /^Escriba día, mes y año, como 01-12-1992\.$/],
  ];

  for (const kind of KINDS) {
    test(`V-UPD ${kind}: registration with the date, update by ${WORDS[kind].word}, date and mail`, pg, async ({ page, olderService, someone }) => {
      const person = { ...someone(kind), born: '01-12-1992' };
      const now = someone(kind);
      if (kind === 'natural') olderService.registry.add(person);
      await openRegistration(page, kind);
      await fillRegistration(page, person);
      await page.getByLabel(BIRTH, { exact: true }).fill(person.born);
      await press(page, 'Crear Cuenta');
      await success(page, 'Recibimos su registro.');
      await olderService.mail.wait(person.email, 'Recibimos su registro');

      await page.goto(`/actualizar/${kind}`);
      await expect(page.getByLabel('Clave Sence')).toHaveCount(0);
      for (const born of ['01-12-1992', '1/12/1992', '1992-12-01', ' 1.12.1992 ']) {
        await openUpdateByBirth(page, { ...person, born, email: person.email.toUpperCase() });
        await heading(page, 'Responda su pregunta secreta');
      }
      await giveAnswer(page, person.answer);
      await dataShown(page);
      await page.getByLabel('Email Actual', { exact: true }).fill(now.email);
      await save(page);
      await updated(page);
      for (const { email } of [person, now]) await olderService.mail.wait(email, 'fueron actualizados');
      // The registered mail is another one now.
      await openUpdateByBirth(page, { ...person, email: now.email });
      await heading(page, 'Responda su pregunta secreta');
    });
  }

  // `Settings::rules` asks for it whatever the kind; a company has none, and no “Actualizar datos” that would take it.
  test('V-UPD J-REG: a company is not asked for a date of birth', async ({ page }) => {
    await page.goto('/registrar/juridica');
    await heading(page, 'Registrar persona jurídica');
    await expect(page.getByLabel(/^Fecha de Nacimiento/i)).toHaveCount(0);
  });

  test('V-UPD registration: a date that is none, with its words, and the rest as it was typed', async ({ page, olderService, person, script }) => {
    await openRegistration(page);
    await fillRegistration(page, person);
    for (const [typed, words] of WRONG) {
      await page.getByLabel('Captcha', { exact: true }).fill(LETTERS);
      await page.getByLabel(BIRTH, { exact: true }).fill(typed);
      await press(page, 'Crear Cuenta');
      await refused(page, BIRTH, words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await expect(page.getByLabel(BIRTH, { exact: true })).toHaveValue(typed);
      await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
    }
    expect(olderService.mail.to(person.email)).toEqual([]);
  });

  test('V-UPD a date that is none; any of the three that is another’s: one sentence, which does not say which', async ({ page, olderService, person, someone, script }) => {
    const [other, stranger] = [someone(), someone()];
    await registered(olderService, person);
    await registered(olderService, other);
    for (const [born, words] of WRONG) {
      await openUpdateByBirth(page, { ...person, born });
      await refused(page, BIRTH, words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await expect(page.getByLabel('Rut', { exact: true })).toHaveValue(person.id);
      await expect(page.getByLabel('Email Registrado', { exact: true })).toHaveValue(person.email);
    }
    await openUpdateByBirth(page, { ...person, id: '', email: 'nadie' });
    await refused(page, 'Rut', 'Escriba su RUT.', script);
    await refused(page, 'Email Registrado', /correo completo/, script);
    for (const who of [{ ...person, id: stranger.id }, { ...person, id: other.id }, { ...person, email: other.email }]) {
      await openUpdateByBirth(page, who);
      await refused(page, BIRTH, NOT_THE_SAME, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await expect(page.getByLabel(BIRTH, { exact: true })).toHaveValue(who.born);
    }
  });

  test('V-UPD guessing a date of birth: a wait', async ({ page, olderService, person, script }) => {
    await registered(olderService, person);
    const wait = page.getByRole('alert').filter({ hasText: 'Demasiados intentos' });
    for (let day = 1; day < 10 && (await wait.count()) === 0; day++) {
      await openUpdateByBirth(page, { ...person, born: `0${day}-01-1971` });
      await refused(page, BIRTH, NOT_THE_SAME, script);
    }
    await expectNotice(page, 'Demasiados intentos', /espere 1 minuto/);
    await openUpdateByBirth(page, person);
    await expectNotice(page, 'Demasiados intentos');
    await heading(page, 'Validar Datos');
  });

  for (const kind of KINDS) {
    test(`V-UPD ${kind}: without a secret question the document comes first`, pg, async ({ page, olderService, someone, script }) => {
      const person = someone(kind);
      await registeredWithout(olderService, person, 'question');
      await openUpdateByBirth(page, person);
      await giveDocument(page, 'A000000000', kind);
      await refused(page, WORDS[kind].document, /no corresponde a la cédula|no coinciden/, script);
      await page.goto(`/actualizar/${kind}/elegir`);
      await giveDocument(page, person.document, kind);
      await chooseQuestion(page, person.answer);
      await dataShown(page);
      await save(page);
      await updated(page);
      await giveId(page, person.id, kind);
      await giveAnswer(page, person.answer);
      await heading(page, /Confirme y le enviamos/);
    });
  }

  test('V-UPD an account without a date of birth is opened by its document, and by no date', async ({ page, olderService, person, script }) => {
    await registered(olderService, person);
    olderService.registry.add(person);
    await olderService.sql(`UPDATE account SET birth_date = NULL WHERE identifier = '${plainId(person)}'`);
    await openUpdateByBirth(page, { ...person, email: 'otra.persona@ejemplo.cl' });
    await refused(page, BIRTH, NOT_THE_SAME, script);
    await openUpdateByBirth(page, person);
    await giveDocument(page, 'A000000000');
    await refused(page, WORDS.natural.document, /no corresponde a la cédula/, script);
    await giveDocument(page, person.document);
    await chooseQuestion(page, person.answer);
    await dataShown(page);
  });

  test('V-UPD A-MIN a recovery that stops for a missing mail offers only options that are possible', async ({ page, olderService, person }) => {
    await registeredWithout(olderService, person, 'mail');
    await giveId(page, person.id);
    await giveAnswer(page, person.answer);
    await heading(page, 'Faltan datos en su cuenta');
    // “Actualizar datos” asks for the registered mail here, and there is none.
    await expect(page.locator('main').getByRole('link', { name: 'Actualizar datos' })).toHaveCount(0);
  });

  test('CS_NIE_PATTERN is enforced in every flow, on the NIE without dashes', async ({ page, olderService, migrant, script }) => {
    await registered(olderService, migrant);
    for (const errand of ['recuperar', 'cambiar', 'actualizar', 'registrar']) {
      await page.goto(`/${errand}/migrante`);
      for (const [typed, words] of [['1234567', /no tiene la forma correcta/], [`${migrant.id}9`, /no tiene la forma correcta/], ['', /Escriba su NIE/]] as const) {
        await page.getByLabel('NIE', { exact: true }).fill(typed);
        await press(page, errand === 'registrar' ? 'Crear Cuenta' : 'Validar');
        await refused(page, 'NIE', words, script);
      }
    }
    await identify(page, migrant.id.toLowerCase(), migrant.key, 'migrante');
    await heading(page, 'Elija su clave nueva');
  });
});
