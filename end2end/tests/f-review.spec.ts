import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import { expectMails } from '../pasos/avisos.ts';
import { setKey } from '../pasos/cambiar.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import { PASSPORT, request, SIGNED } from '../pasos/facilitador.ts';
import { summaryLinks, heading, press, refused, success, expectNotice } from '../pasos/formulario.ts';
import {
  deskClient, storedPhone, filedRequest, grant, granted, GRANTED_MAIL, identifyFacilitator, KEY_MAIL, newOfficer, type Officer,
  openByNumber, REASON, refuse, REFUSED_MAIL, rows, search, shown, signIn, waiting,
} from '../pasos/mesa.ts';
import { keyIn } from '../pasos/recuperar.ts';
import { Client, send } from '../support/http.ts';
import { newKey } from '../support/people.ts';
import { Service } from '../support/service.ts';
import { expect, LETTERS, type Page, test } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** Another browser of the same project, with an officer signed in. */
async function secondDesk(browser: Browser, service: Service, officer: Officer): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, officer, service.url);
  return page;
}

test('F-REVIEW granted: list, data and files, “Aprobar la solicitud”; the facilitator’s mail leads to a key that works', pg,
  async ({ page, service, company, facilitator, script }) => {
    const officer = await newOfficer(service);
    await registeredCompany(service, company);
    const number = await request(page, company, facilitator);
    await signIn(page, officer);
    await search(page, number);
    await expect(rows(page)).toHaveCount(1);
    for (const shown of [number, company.names, company.id, facilitator.names, 'Abierta']) await expect(rows(page)).toContainText(shown);
    await rows(page).getByRole('link', { name: number }).click();
    await heading(page, `Solicitud ${number}`);
    await expect(page).toHaveURL(`/mesa/solicitud/${number}`);

    const main = page.locator('main');
    const typed = [
      facilitator.names, 'Pasaporte', facilitator.document, facilitator.email, storedPhone(facilitator), company.names, company.id,
      company.representative.id,
    ];
    for (const data of typed) await expect(main).toContainText(data);
    for (const kept of [facilitator.answer, company.key]) await expect(main).not.toContainText(kept);
    await expect(main).not.toContainText('Fíjese en esto');

    const image = page.getByRole('img', { name: 'Documento de identidad, subido por la empresa' });
    await image.scrollIntoViewIfNeeded();
    await expect(image).toBeVisible();
    await expect(page.getByRole('img', { name: /subido por la empresa/ })).toHaveCount(1);
    await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(20);
    for (const [name, sent, purpose] of [[/Descargar \(PDF/, SIGNED, 'declaracion.pdf'], [/Descargar \(.*PNG/, PASSPORT, 'documento.png']] as const) {
      const link = main.getByRole('link', { name });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(download.suggestedFilename()).toBe(`${number}-${purpose}`);
      expect(readFileSync((await download.path())!).equals(sent.buffer), purpose).toBe(true);
      const answer = await page.request.get((await link.getAttribute('href'))!);
      const headers = answer.headers();
      expect(headers['content-disposition']).toBe(`attachment; filename="${number}-${purpose}"`);
      expect(headers['content-type']).toBe(sent.mimeType);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toMatch(/(^|[;,] *)sandbox *(;|,|$)/);
      expect(headers['cache-control']).toContain('no-store');
      expect((await answer.body()).equals(sent.buffer), purpose).toBe(true);
    }

    await page.getByRole('link', { name: 'Aprobar…' }).click();
    await heading(page, '¿Aprobar la solicitud?');
    for (const data of [facilitator.names, facilitator.document, facilitator.email]) await expect(main).toContainText(data);
    expect(service.mail.to(facilitator.email)).toEqual([]);
    await press(page, 'Aprobar la solicitud');
    await granted(page);
    await expect(main).toContainText(`la aprobó ${officer.name} el `);
    await expect(page.getByRole('link', { name: 'Aprobar…' })).toHaveCount(0);
    await expect(field(page, 'Motivo')).toHaveCount(0);
    const done = (what: string) => page.getByRole('listitem').filter({ hasText: `${officer.name}: ${what}` });
    for (const what of ['miró la solicitud', 'vio la declaración', 'vio el documento']) await expect(done(what).first()).toBeVisible();
    await expect(done('aprobó la solicitud')).toHaveCount(1);

    const notice = await service.mail.wait(company.email, GRANTED_MAIL);
    expect(notice.text).toContain(number);
    const mail = await service.mail.wait(facilitator.email, KEY_MAIL);
    const provisional = keyIn(mail.text);
    for (const data of [facilitator.document, facilitator.names, facilitator.email, storedPhone(facilitator), facilitator.answer, provisional]) {
      for (const text of [notice.text, notice.html]) expect(text).not.toContain(data);
    }
    for (const data of [facilitator.document, facilitator.answer, company.id, company.key]) expect(mail.text).not.toContain(data);
    const link = /https?:\/\/\S+\/cambiar\/facilitador/.exec(mail.text)![0];
    expect(mail.html).toContain(`href="${link}"`);

    await page.goto(new URL(link).pathname);
    await identifyFacilitator(page, facilitator, provisional);
    const key = newKey();
    await setKey(page, key);
    await success(page, 'Su clave fue cambiada.');
    await service.mail.wait(facilitator.email, 'Su Clave SENCE fue cambiada');
    await identifyFacilitator(page, facilitator, provisional);
    await refused(page, 'CS Actual', /Esta clave provisoria ya se usó/, script);
    await identifyFacilitator(page, facilitator, key);
    await heading(page, 'Elija su clave nueva');
    await expectMails(service, facilitator.email, KEY_MAIL, 1);
  });

test('F-REVIEW refused: an invalid reason is reported and kept; the company gets the right one, and may ask again', pg,
  async ({ page, service, company, facilitator, script }) => {
    const officer = await newOfficer(service);
    const number = await waiting(service, company, facilitator);
    await signIn(page, officer);
    await openByNumber(page, number);
    const long = 'No se lee. '.repeat(46);
    const bad: [reason: string, words: RegExp][] = [
      ['', /^Escriba el motivo/], ['Falta eso', /^Es muy corto/], [long, /^Es muy largo/], ['-----------------', /caracteres que no se pueden usar/],
    ];
    for (const [reason, words] of bad) {
      await refuse(page, reason);
      await refused(page, 'Motivo', words, script);
      await expect(summaryLinks(page)).toHaveCount(1);
      await expect(field(page, 'Motivo')).toHaveValue(reason);
      await expect(page).toHaveURL(`/mesa/solicitud/${number}?aviso=motivo`);
    }
    expect((await shown(service, number)).request.state).toBe('open');
    const reason = 'La firma de <b>Doña Ñusta</b> & Cía. no se lee.\nSúbala otra vez, "con tinta".';
    await refuse(page, reason);
    await expectNotice(page, 'Solicitud rechazada', 'La empresa recibirá el motivo por correo.');
    await expect(page.locator('main')).toContainText('Motivo que recibió la empresa:');
    for (const line of reason.split('\n')) await expect(page.locator('main')).toContainText(line);
    await expect(page.locator('main')).toContainText(`la rechazó ${officer.name} el `);
    const mail = await service.mail.wait(company.email, REFUSED_MAIL);
    expect(mail.text.replaceAll('\r\n', '\n')).toContain(reason);
    expect(mail.text).toContain(number);
    expect(mail.html).toContain('&lt;b&gt;');
    expect(mail.html).not.toContain('<b>Doña');
    expect(mail.text).toMatch(/https?:\/\/\S+\/facilitador/);
    const again = await request(page, company, facilitator);
    expect(again).not.toBe(number);
    await openByNumber(page, again);
    await expect(page.locator('form', { hasText: 'Rechazar la solicitud' })).toContainText('No se puede deshacer.');
    await expect(page.locator('main')).toContainText(`El mismo documento está en otras solicitudes:${number}`);
    expect(service.mail.to(facilitator.email)).toEqual([]);
    await expectMails(service, company.email, REFUSED_MAIL, 1);
  });

for (const second of ['grants', 'refuses'] as const) {
  test(`F-REVIEW two officers at once: one grants, the other ${second} and sees who decided; one mail`, second === 'grants' ? pg : {},
    async ({ page, browser, service, company, facilitator }) => {
      const [first, other] = [await newOfficer(service), await newOfficer(service)];
      const number = await waiting(service, company, facilitator);
      await signIn(page, first);
      const late = await secondDesk(browser, service, other);
      await openByNumber(page, number);
      await late.goto(`${service.url}/mesa/solicitud/${number}${second === 'grants' ? '/conceder' : ''}`);
      await grant(page);
      await granted(page);
      if (second === 'grants') await press(late, 'Aprobar la solicitud');
      else await refuse(late, REASON);
      await expectNotice(late, 'La solicitud ya fue resuelta', /Lo que usted envió no cambió nada/);
      await expect(late.locator('main')).toContainText(`la aprobó ${first.name} el `);
      await expect(late.locator('main')).not.toContainText(REASON);
      // The page that asks once more leads back, too.
      await late.goto(`${service.url}/mesa/solicitud/${number}/conceder`);
      await expectNotice(late, 'La solicitud ya fue resuelta');
      await expectMails(service, facilitator.email, KEY_MAIL, 1);
      await expectMails(service, company.email, 'su solicitud de Clave SENCE', 1);
      await late.context().close();
    });
}

test('F-REVIEW eight forms at the same moment decide once', { tag: ['@http', '@pg'] }, async ({ service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  const desks = [await deskClient(service, await newOfficer(service)), await deskClient(service, await newOfficer(service))];
  const post = (desk: Client, action: string, fields: Record<string, string>) =>
    send(service.url + action, {
      method: 'POST', body: String(new URLSearchParams({ numero: number, ...fields })),
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', origin: service.url, cookie: desk.cookie },
    });
  const answers = await Promise.all([0, 1, 2, 3].flatMap((time) => [
    post(desks[time % 2]!, '/api/mesa/conceder', { cuenta: 'nueva' }), post(desks[(time + 1) % 2]!, '/api/mesa/rechazar', { motivo: REASON }),
  ]));
  const outcomes = answers.map(({ headers }) => new URL(String(headers.location), service.url).searchParams.get('aviso'));
  expect(outcomes.filter((outcome) => outcome === 'resuelta')).toHaveLength(7);
  const won = outcomes.find((outcome) => outcome !== 'resuelta');
  expect((await shown(service, number)).request.state).toBe(won === 'concedida' ? 'granted' : 'refused');
  await expectMails(service, company.email, 'su solicitud de Clave SENCE', 1);
  await expectMails(service, facilitator.email, KEY_MAIL, won === 'concedida' ? 1 : 0);
});

test('F-REVIEW a second click grants once', async ({ page, service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  await signIn(page, await newOfficer(service));
  await openByNumber(page, number);
  await page.getByRole('link', { name: 'Aprobar…' }).click();
  await heading(page, '¿Aprobar la solicitud?');
  await page.getByRole('button', { name: 'Aprobar la solicitud' }).dblclick();
  await expect(page.locator('main')).toContainText(/la aprobó/);
  await expectMails(service, facilitator.email, KEY_MAIL, 1);
  // Back to the page that asks: it leads on, and nothing is sent again.
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Solicitud ${number}`);
  await expectMails(service, facilitator.email, KEY_MAIL, 1);
});

test('F-REVIEW an officer who may only look: no forms; what is sent all the same changes nothing and says so', async ({ page, service, company, facilitator }) => {
  const reader = await newOfficer(service, '--read-only');
  const number = await waiting(service, company, facilitator);
  await signIn(page, reader);
  await openByNumber(page, number);
  await expect(page.locator('main')).toContainText('Su usuario puede mirar las solicitudes, no resolverlas.');
  await expect(page.locator('main')).toContainText(facilitator.document);
  await expect(page.getByRole('button')).toHaveText([/Salir/]);
  await expect(page.getByRole('link', { name: /Aprobar/ })).toHaveCount(0);
  await expect(field(page, 'Motivo')).toHaveCount(0);
  await page.goto(`/mesa/solicitud/${number}/conceder`);
  await expectNotice(page, 'Su usuario solo puede mirar');
  await expect(page.getByRole('button', { name: /Aprobar/ })).toHaveCount(0);
  const desk = await deskClient(service, reader);
  for (const [action, fields] of [['conceder', { cuenta: 'nueva' }], ['rechazar', { motivo: REASON }]] as const) {
    const { page } = await desk.submit(`/api/mesa/${action}`, { numero: number, ...fields });
    expect(page.text, action).toContain('Su usuario solo puede mirar');
    expect(page.text, action).toContain('Lo que usted envió no cambió nada');
  }
  expect((await shown(service, number)).request).toMatchObject({ state: 'open', decided_by: null, reason: null });
  await expectMails(service, facilitator.email, '', 0);
  await expectMails(service, company.email, 'su solicitud de Clave SENCE', 0);
});

test('F-REVIEW who is not signed in sees nothing and decides nothing', { tag: ['@http', '@pg'] }, async ({ service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  const secrets = [facilitator.names, facilitator.document, facilitator.email, company.names, company.id];
  const officer = await newOfficer(service);
  const desk = await deskClient(service, officer);
  expect((await desk.get(`/mesa/solicitud/${number}`)).text).toContain(facilitator.names);
  const cookies = { none: '', 'made up': `cs_mesa=${'A'.repeat(43)}` };
  for (const [what, cookie] of Object.entries(cookies)) {
    for (const path of ['', '/conceder', '/declaracion', '/documento']) {
      const { status, headers, text, body } = await send(`${service.url}/mesa/solicitud/${number}${path}`, { headers: { cookie } });
      expect(status, `${what} ${path}`).toBe(303);
      expect(headers.location, `${what} ${path}`).toMatch(/^\/mesa(\?aviso=sesion)?$/);
      for (const secret of [...secrets, '%PDF', 'PNG']) expect(text).not.toContain(secret);
      expect(body.equals(SIGNED.buffer) || body.equals(PASSPORT.buffer)).toBe(false);
    }
    for (const action of ['conceder', 'rechazar', 'buscar', 'salir']) {
      const body = String(new URLSearchParams({ numero: number, motivo: REASON, busqueda: 'x' }));
      const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', origin: service.url, cookie };
      const answer = await send(`${service.url}/api/mesa/${action}`, { method: 'POST', body, headers });
      // A reason is kept for who signs in; nothing is refused by it.
      const notice = action === 'rechazar' ? 'sesion-motivo' : 'sesion';
      expect([answer.status, answer.headers.location], `${what} ${action}`).toEqual([303, `/mesa?aviso=${notice}`]);
    }
  }
  // A page of somebody else sends the form with the cookie of an officer who is signed in.
  for (const more of [{ origin: 'https://malo.cl' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: desk.cookie, ...more };
    const answer = await send(`${service.url}/api/mesa/conceder`, { method: 'POST', body: `numero=${number}`, headers });
    expect(answer.status, JSON.stringify(more)).toBe(403);
  }
  expect((await shown(service, number)).request.state).toBe('open');
  // There is nothing at other addresses.
  for (const path of ['F-AAAA-AAAA', 'F-AAAA-AAAA/conceder', 'x', `${number}/otro`, `${number}/..%2fdocumento`, 'F-AAAA-AAAA/documento']) {
    expect((await desk.get(`/mesa/solicitud/${path}`)).status, path).toBe(404);
  }
  for (const path of ['F-AAAA-AAAA', 'F-0000-0000', 'F-AAAA-AAAA/conceder', 'x']) {
    const { status, text } = await desk.get(`/mesa/solicitud/${path}`);
    expect(status, path).toBe(404);
    expect(text, path).toContain('No hay una solicitud con ese número.');
    expect(text, path).toMatch(/href="\/mesa"[^>]*>\s*Volver a las solicitudes/);
    expect(text, path).not.toContain('elija su trámite');
  }
});

test('F-REVIEW the same document by two companies: a warning; both granted make one account with the second key and mail', pg,
  async ({ page, service, company, otherCompany, makeFacilitator, script }) => {
    const facilitator = makeFacilitator();
    const elsewhere = { ...facilitator, email: makeFacilitator().email };
    const first = await waiting(service, company, facilitator);
    const second = await waiting(service, otherCompany, elsewhere);
    await signIn(page, await newOfficer(service));
    const warning = page.getByRole('region', { name: 'Fíjese en esto antes de resolver' });
    await openByNumber(page, second);
    await expect(warning).toContainText('El mismo documento está en otras solicitudes');
    await expect(warning).toContainText(`${company.names}`);
    await expect(warning).not.toContainText('ya tiene una cuenta');
    await warning.getByRole('link', { name: first }).click();
    await heading(page, `Solicitud ${first}`);
    await grant(page);
    await granted(page);
    const old = keyIn((await service.mail.wait(facilitator.email, KEY_MAIL)).text);
    await openByNumber(page, second);
    await expect(warning).toContainText('Este documento ya tiene una cuenta, todavía sin clave.');
    await expect(warning).toContainText(`Está registrada a nombre de ${facilitator.names}`);
    await expect(warning).toContainText('el correo de la solicitud reemplaza al registrado');
    await expect(warning).not.toContainText(facilitator.email);
    await expect(warning).toContainText(/F-.* \(aprobada\)/);
    await grant(page);
    await granted(page);
    const key = keyIn((await service.mail.wait(elsewhere.email, KEY_MAIL)).text);
    const notice = await service.mail.wait(facilitator.email, 'a otro correo');
    for (const secret of [key, elsewhere.email]) expect(notice.text).not.toContain(secret);
    await identifyFacilitator(page, facilitator, old);
    await refused(page, 'CS Actual', /ya se usó o se reemplazó por otra más nueva/, script);
    await identifyFacilitator(page, facilitator, key);
    const chosen = newKey();
    await setKey(page, chosen);
    await success(page, 'Su clave fue cambiada.');
    await service.mail.wait(elsewhere.email, 'Su Clave SENCE fue cambiada');
    await identifyFacilitator(page, facilitator, chosen);
    await heading(page, 'Elija su clave nueva');
    expect((await shown(service, second)).account).toMatchObject({ other_mail: false, has_key: true });
    for (const [address, count] of [[facilitator.email, 1], [elsewhere.email, 1]] as const) {
      await expectMails(service, address, KEY_MAIL, count);
    }
  });

test('F-REVIEW the cap of keys per day: the request stays open, and the officer sees why', async ({ page, engine, company, otherCompany, makeFacilitator }) => {
  const frugal = await Service.start(engine, { CS_CAPTCHA_FIXED: LETTERS, CS_KEYS_PER_DAY: '2' });
  try {
    const facilitator = makeFacilitator();
    await registeredCompany(frugal, company);
    await registeredCompany(frugal, otherCompany);
    for (let time = 0; time < 2; time++) {
      const number = await filedRequest(frugal, company, facilitator);
      expect(await frugal.run('solicitudes', 'grant', number)).toMatchObject({ code: 0 });
    }
    const number = await filedRequest(frugal, otherCompany, facilitator);
    await signIn(page, await newOfficer(frugal), frugal.url);
    await page.goto(`${frugal.url}/mesa/solicitud/${number}`);
    await grant(page);
    await expectNotice(page, 'Hoy no se puede enviar otra clave', /La solicitud sigue abierta/);
    await expect(page.getByRole('link', { name: 'Aprobar…' })).toBeVisible();
    expect((await shown(frugal, number)).request.state).toBe('open');
    await expectMails(frugal, facilitator.email, KEY_MAIL, 2);
    await expectMails(frugal, otherCompany.email, GRANTED_MAIL, 0);
  } finally {
    await page.goto('about:blank');
    await frugal.end();
  }
});

test('F-REVIEW what strangers typed is shown as text', async ({ page, service, company, makeFacilitator }) => {
  const facilitator = { ...makeFacilitator(), names: "Alba O'Higgins de la Ñ" };
  const number = await waiting(service, company, facilitator);
  await signIn(page, await newOfficer(service));
  await openByNumber(page, number);
  await expect(page.locator('main')).toContainText(facilitator.names);
  await refuse(page, '</textarea>');
  await expect(field(page, 'Motivo')).toHaveCount(0);
  await expect(page.locator('main')).toContainText('</textarea>');
});
