import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { setKey } from '../pasos/cambiar.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import { PASSPORT, request, SIGNED } from '../pasos/facilitador.ts';
import { complaints, heading, mark, marked, press, pressAndStay, refused, success, summary, told } from '../pasos/formulario.ts';
import {
  deskClient, filedRequest, grant, granted, GRANTED_MAIL, identifyFacilitator, KEY_MAIL, listShown, newOfficer, openByNumber,
  refuse, REFUSED_MAIL, rows, search, shown, signIn, signInAsked, typeOfficer, type Officer,
} from '../pasos/mesa.ts';
import { keyIn } from '../pasos/recuperar.ts';
import type { Look } from '../pasos/recorrido.ts';
import { file, jpeg, pdf } from '../support/archivos.ts';
import { sound } from '../support/axe.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { Client, send } from '../support/http.ts';
import { pause } from '../support/net.ts';
import { newKey } from '../support/people.ts';
import { light } from '../support/peso.ts';
import { Service } from '../support/service.ts';
import { expect, LETTERS, test, type Page } from '../support/test.ts';
import { Codes, codeOf } from '../support/totp.ts';

const pg = { tag: '@pg' };
const http = { tag: '@http' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
/** A telephone as it is kept. */
const dialled = ({ phone }: Facilitator) => phone.replaceAll(' ', '');
const REASON = 'La firma no se lee: súbala otra vez, por favor.';
const WRONG = /El usuario, la clave o el código no son correctos/;

/** A company's request for this facilitator. */
async function waiting(service: Service, company: Company, facilitator: Facilitator): Promise<string> {
  await registeredCompany(service, company);
  return filedRequest(service, company, facilitator);
}

/** How many mails of this subject went to an address, once whatever was under way is there. */
async function mails(service: Service, address: string, subject: string): Promise<number> {
  await pause(1500);
  return service.mail.to(address).filter((mail) => mail.subject.includes(subject)).length;
}

/** Another browser of the same project, with an officer signed in. */
async function secondDesk(browser: Browser, service: Service, officer: Officer): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, officer, service.url);
  return page;
}

test('F-REVIEW the codes of these tests are those of RFC 6238', http, async () => {
  // Appendix B, the last six of eight digits.
  for (const [seconds, code] of [[59, '287082'], [1_111_111_109, '081804'], [20_000_000_000, '353130']] as const) {
    expect(codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', Math.floor(seconds / 30))).toBe(code);
  }
});

test('F-REVIEW granted: list, data and files, “Conceder la clave”; the facilitator’s mail leads to a key that works', pg,
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
      facilitator.names, 'Pasaporte', facilitator.document, facilitator.email, dialled(facilitator), company.names, company.id,
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

    await page.getByRole('link', { name: 'Conceder…' }).click();
    await heading(page, '¿Conceder la clave?');
    for (const data of [facilitator.names, facilitator.document, facilitator.email]) await expect(main).toContainText(data);
    expect(service.mail.to(facilitator.email)).toEqual([]);
    await press(page, 'Conceder la clave');
    await granted(page);
    await expect(main).toContainText(`la concedió ${officer.name} el `);
    await expect(page.getByRole('link', { name: 'Conceder…' })).toHaveCount(0);
    await expect(field(page, 'Motivo')).toHaveCount(0);
    for (const done of ['miró la solicitud', 'abrió la declaración', 'abrió el documento', 'concedió la clave']) {
      await expect(page.getByRole('listitem').filter({ hasText: `${officer.name}: ${done}` })).toHaveCount(1);
    }

    const notice = await service.mail.wait(company.email, GRANTED_MAIL);
    expect(notice.text).toContain(number);
    const mail = await service.mail.wait(facilitator.email, KEY_MAIL);
    const provisional = keyIn(mail.text);
    for (const data of [facilitator.document, facilitator.names, facilitator.email, dialled(facilitator), facilitator.answer, provisional]) {
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
    expect(await mails(service, facilitator.email, KEY_MAIL)).toBe(1);
  });

test('F-REVIEW refused: a reason that is no good is said and kept; the company gets the right one, and may ask again', pg,
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
      await expect(complaints(page)).toHaveCount(1);
      await expect(field(page, 'Motivo')).toHaveValue(reason);
      await expect(page).toHaveURL(`/mesa/solicitud/${number}?aviso=motivo`);
    }
    expect((await shown(service, number)).request.state).toBe('open');
    const reason = 'La firma de <b>Doña Ñusta</b> & Cía. no se lee.\nSúbala otra vez, "con tinta".';
    await refuse(page, reason);
    await told(page, 'Solicitud rechazada', 'La empresa recibirá el motivo por correo.');
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
    await expect(page.locator('main')).toContainText(`El mismo documento está en otras solicitudes:${number}`);
    expect(service.mail.to(facilitator.email)).toEqual([]);
    expect(await mails(service, company.email, REFUSED_MAIL)).toBe(1);
  });

for (const second of ['grants', 'refuses'] as const) {
  test(`F-REVIEW two officers at once: one grants, the other ${second} and is told who decided; one mail`, second === 'grants' ? pg : {},
    async ({ page, browser, service, company, facilitator }) => {
      const [first, other] = [await newOfficer(service), await newOfficer(service)];
      const number = await waiting(service, company, facilitator);
      await signIn(page, first);
      const late = await secondDesk(browser, service, other);
      await openByNumber(page, number);
      await late.goto(`${service.url}/mesa/solicitud/${number}${second === 'grants' ? '/conceder' : ''}`);
      await grant(page);
      await granted(page);
      if (second === 'grants') await press(late, 'Conceder la clave');
      else await refuse(late, REASON);
      await told(late, 'La solicitud ya fue resuelta', /Lo que usted envió no cambió nada/);
      await expect(late.locator('main')).toContainText(`la concedió ${first.name} el `);
      await expect(late.locator('main')).not.toContainText(REASON);
      // The page that asks once more leads back, too.
      await late.goto(`${service.url}/mesa/solicitud/${number}/conceder`);
      await told(late, 'La solicitud ya fue resuelta');
      await service.mail.wait(facilitator.email, KEY_MAIL);
      expect(await mails(service, facilitator.email, KEY_MAIL)).toBe(1);
      expect(await mails(service, company.email, 'su solicitud de Clave SENCE')).toBe(1);
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
  expect(await mails(service, company.email, 'su solicitud de Clave SENCE')).toBe(1);
  expect(await mails(service, facilitator.email, KEY_MAIL)).toBe(won === 'concedida' ? 1 : 0);
});

test('F-REVIEW a second click grants once', async ({ page, service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  await signIn(page, await newOfficer(service));
  await openByNumber(page, number);
  await page.getByRole('link', { name: 'Conceder…' }).click();
  await heading(page, '¿Conceder la clave?');
  await page.getByRole('button', { name: 'Conceder la clave' }).dblclick();
  await expect(page.locator('main')).toContainText(/la concedió/);
  await service.mail.wait(facilitator.email, KEY_MAIL);
  expect(await mails(service, facilitator.email, KEY_MAIL)).toBe(1);
  // Back to the page that asks: it leads on, and nothing is sent again.
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Solicitud ${number}`);
  expect(await mails(service, facilitator.email, KEY_MAIL)).toBe(1);
});

test('F-REVIEW an officer who may only look: no forms; what is sent all the same changes nothing and says so', async ({ page, service, company, facilitator }) => {
  const reader = await newOfficer(service, '--read-only');
  const number = await waiting(service, company, facilitator);
  await signIn(page, reader);
  await openByNumber(page, number);
  await expect(page.locator('main')).toContainText('Su usuario puede mirar las solicitudes, no resolverlas.');
  await expect(page.locator('main')).toContainText(facilitator.document);
  await expect(page.getByRole('button')).toHaveText([/Salir/]);
  await expect(page.getByRole('link', { name: /Conceder/ })).toHaveCount(0);
  await expect(field(page, 'Motivo')).toHaveCount(0);
  await page.goto(`/mesa/solicitud/${number}/conceder`);
  await told(page, 'Su usuario solo puede mirar');
  await expect(page.getByRole('button', { name: /Conceder/ })).toHaveCount(0);
  const desk = await deskClient(service, reader);
  for (const [action, fields] of [['conceder', { cuenta: 'nueva' }], ['rechazar', { motivo: REASON }]] as const) {
    const { page } = await desk.submit(`/api/mesa/${action}`, { numero: number, ...fields });
    expect(page.text, action).toContain('Su usuario solo puede mirar');
    expect(page.text, action).toContain('Lo que usted envió no cambió nada');
  }
  expect((await shown(service, number)).request).toMatchObject({ state: 'open', decided_by: null, reason: null });
  expect(await mails(service, facilitator.email, '')).toBe(0);
  expect(await mails(service, company.email, 'su solicitud de Clave SENCE')).toBe(0);
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
      expect([answer.status, answer.headers.location], `${what} ${action}`).toEqual([303, '/mesa?aviso=sesion']);
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
});

test('F-REVIEW the sign-in: what is missing or wrong; all that is wrong is told alike', pg, async ({ page, service, script, conceal }) => {
  const officer = await newOfficer(service);
  conceal(officer.name);
  conceal(officer.key);
  await page.goto('/mesa');
  await press(page, 'Entrar');
  await expect(complaints(page)).toHaveCount(3);
  for (const label of ['Usuario', 'Clave', 'Código']) await refused(page, label, /^Escriba /, script);
  await typeOfficer(page, officer, '12345');
  await refused(page, 'Código', /Escriba los 6 números/, script);
  await expect(field(page, 'Clave')).toHaveValue('');
  const wrong: [what: string, who: Pick<Officer, 'name' | 'key'>, code: () => Promise<string>][] = [
    ['key', { ...officer, key: 'abcde-fghjk-mnpqr-tuvwx' }, () => officer.codes.next()],
    ['code', officer, async () => officer.codes.wrong()],
    ['name', { ...officer, name: `nadie-${officer.name}` }, async () => officer.codes.wrong()],
    ['name that is none', { ...officer, name: 'Ñ' }, async () => officer.codes.wrong()],
  ];
  for (const [what, who, code] of wrong) {
    await test.step(what, async () => {
      await typeOfficer(page, who, await code());
      await refused(page, 'Usuario', WRONG, script);
      await expect(complaints(page)).toHaveCount(1);
      await expect(field(page, 'Usuario')).toHaveValue(who.name);
      await expect(field(page, 'Clave')).toHaveValue('');
      await expect(field(page, 'Código')).toHaveValue('');
    });
  }
  await page.goto('/mesa/solicitud/F-AAAA-AAAA');
  await signInAsked(page);
  await typeOfficer(page, officer, await officer.codes.next());
  await listShown(page);
});

test('F-REVIEW the sign-in: five wrong tries on one name make it wait, also with the right ones', async ({ page, service }) => {
  const officer = await newOfficer(service);
  await page.goto('/mesa');
  for (let time = 0; time < 5; time++) {
    await field(page, 'Usuario').fill(officer.name);
    await field(page, 'Clave').fill('abcde-fghjk-mnpqr-tuvwx');
    await field(page, 'Código').fill(officer.codes.wrong());
    await pressAndStay(page, 'Entrar');
  }
  await typeOfficer(page, officer, await officer.codes.next());
  await told(page, 'Demasiados intentos', /espere 1 minuto/);
  // Others are not kept out by it.
  await signIn(page, await newOfficer(service));
});

test('F-REVIEW a code is taken once; after “Salir” the pages are closed, also for “back” and reload', pg,
  async ({ page, service, company, facilitator, script }) => {
    const officer = await newOfficer(service);
    const number = await waiting(service, company, facilitator);
    const code = await officer.codes.next();
    await page.goto('/mesa');
    await typeOfficer(page, officer, code);
    await listShown(page);
    await openByNumber(page, number);
    await press(page, 'Salir');
    await signInAsked(page);
    const closed = async () => {
      await signInAsked(page);
      await expect(page.locator('body')).not.toContainText(facilitator.names);
    };
    await page.goBack();
    await closed();
    await page.reload();
    await closed();
    await page.goto(`/mesa/solicitud/${number}`);
    await closed();
    await page.goto('/mesa');
    await typeOfficer(page, officer, code);
    await refused(page, 'Usuario', WRONG, script);
    await expect(summary(page)).toContainText('Cada código sirve una sola vez');
    await typeOfficer(page, officer, await officer.codes.next());
    await listShown(page);
  });

test('F-REVIEW `officers disable` ends the session; `reset` gives another key', async ({ page, service, script }) => {
  const officer = await newOfficer(service);
  await signIn(page, officer);
  const disabled = await service.run('officers', 'disable', officer.name);
  expect([disabled.code, disabled.out], disabled.err).toEqual([0, expect.stringContaining('ya no puede entrar')]);
  await page.reload();
  await signInAsked(page);
  await expect(page.getByRole('button', { name: 'Salir' })).toHaveCount(0);
  await typeOfficer(page, officer, await officer.codes.next());
  await refused(page, 'Usuario', WRONG, script);
  expect(await service.run('officers', 'disable', officer.name)).toMatchObject({ code: 1, err: expect.stringContaining('ya estaba deshabilitado') });
  expect(await service.run('officers', 'add', officer.name)).toMatchObject({ code: 1, err: expect.stringContaining('Ya existe') });
  expect(await service.run('officers', 'add', 'consola')).toMatchObject({ code: 1, out: '' });
  expect(await service.run('officers', 'disable', 'nadie.aqui')).toMatchObject({ code: 1, err: expect.stringContaining('No existe') });
  const reset = await service.run('officers', 'reset', officer.name, '--json');
  expect(reset.code, reset.err).toBe(0);
  const { key, totp_secret } = JSON.parse(reset.out);
  expect(key).not.toBe(officer.key);
  await signIn(page, { name: officer.name, key, codes: new Codes(totp_secret) });
  const listed = await service.run('officers', 'list', '--json');
  expect(JSON.parse(listed.out).officers).toContainEqual(expect.objectContaining({ name: officer.name, may_decide: true, disabled_at: null }));
});

test('F-REVIEW a session that was not used for half an hour is over, and says so; what is sent then changes nothing', async ({ page, service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  await signIn(page, await newOfficer(service));
  await openByNumber(page, number);
  await service.sql(`UPDATE officer_session SET seen_at = seen_at - ${31 * 60_000}`);
  await refuse(page, REASON);
  await signInAsked(page);
  await told(page, 'Su sesión terminó', /30 minutos/);
  expect((await shown(service, number)).request.state).toBe('open');
});

test('F-REVIEW the search: by every way to write it, in no URL; states; an empty list', pg, async ({ page, service, company, newcomer, conceal }) => {
  const digits = company.id.replace(/\D/g, '').slice(0, 7);
  const facilitator = { ...newcomer(), names: `Ñusta Pérez Güell Muñoz ${digits}` };
  conceal(facilitator.names);
  const number = await waiting(service, company, facilitator);
  const other = await filedRequest(service, company, newcomer());
  await signIn(page, await newOfficer(service));
  const spaced = facilitator.document.replace(/(\d{3})/g, '$1.').toLowerCase();
  for (const text of [number.replaceAll('-', '').toLowerCase(), `nusta perez guell munoz ${digits}`, facilitator.email, spaced]) {
    conceal(text);
    await search(page, text);
    await expect(rows(page), text).toHaveCount(1);
    await expect(rows(page)).toContainText(number);
    await expect(page).toHaveURL('/mesa?estado=abiertas');
    await expect(page.getByRole('searchbox')).toHaveValue(text);
  }
  await search(page, company.id);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page)).toContainText([number, other]);
  const state = (name: string) => page.getByRole('navigation', { name: 'Estado de las solicitudes' }).getByRole('link', { name });
  await expect(state('Abiertas (2)')).toHaveAttribute('aria-current', 'page');
  expect(await service.run('solicitudes', 'grant', number)).toMatchObject({ code: 0 });
  expect(await service.run('solicitudes', 'refuse', other, '--reason', REASON)).toMatchObject({ code: 0 });
  for (const [name, url, found] of [['Concedidas (1)', 'concedidas', number], ['Rechazadas (1)', 'rechazadas', other]] as const) {
    await page.reload();
    await state(name).click();
    await expect(page).toHaveURL(`/mesa?estado=${url}`);
    await expect(state(name)).toHaveAttribute('aria-current', 'page');
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page)).toContainText(found);
  }
  await state('Todas (2)').click();
  await expect(rows(page)).toHaveCount(2);
  await state('Abiertas (0)').click();
  await expect(rows(page)).toHaveCount(0);
  await expect(page.locator('main')).toContainText('Ninguna solicitud de esta lista tiene lo que busca.');
  await search(page, '100%_ <b>nada</b>');
  await expect(rows(page)).toHaveCount(0);
  await press(page, 'Quitar la búsqueda');
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(page.locator('main')).not.toContainText('Solo se muestra');
});

test('F-REVIEW nothing to review; then 21 requests take two pages, oldest first', async ({ page, emptyService, company, newcomer }) => {
  test.setTimeout(120_000);
  await signIn(page, await newOfficer(emptyService), emptyService.url);
  await expect(page.locator('main')).toContainText('No hay solicitudes por revisar.');
  await registeredCompany(emptyService, company);
  const numbers: string[] = [];
  for (let time = 0; time < 21; time++) numbers.push(await filedRequest(emptyService, company, newcomer()));
  await page.reload();
  await expect(rows(page)).toHaveCount(20);
  await expect(rows(page).first()).toContainText(numbers[0]!);
  await expect(page.getByText('Página 1 de 2')).toBeVisible();
  await page.getByRole('link', { name: 'Siguiente' }).click();
  await expect(page).toHaveURL(`${emptyService.url}/mesa?estado=abiertas&pagina=2`);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(numbers[20]!);
  await page.getByRole('link', { name: 'Anterior' }).click();
  await expect(rows(page)).toHaveCount(20);
});

test('F-REVIEW by command: list, show, files, grant; a second time exits with 1 and says why', { tag: ['@http', '@pg'] }, async ({ service, company, facilitator }) => {
  const [declaration, document] = [file('foto.jpg', jpeg()), file('pasaporte.pdf', pdf({ size: 300_000 }))];
  await registeredCompany(service, company);
  const number = await filedRequest(service, company, facilitator, declaration, document);
  const run = (...args: string[]) => service.run('solicitudes', ...args);
  const listed = await run('list', '--json', '--search', facilitator.document);
  expect(listed.code, listed.err).toBe(0);
  const wanted = {
    number, state: 'open', decided_by: null, company: { rut: company.id, name: company.names },
    facilitator: { document_kind: 'pasaporte', document_number: facilitator.document, names: facilitator.names, email: facilitator.email, phone: dialled(facilitator) },
  };
  expect(JSON.parse(listed.out)).toMatchObject({ page: 1, pages: 1, requests: [wanted] });
  expect((await run('list')).out).toContain(number);
  expect(await shown(service, number)).toMatchObject({
    request: wanted, same_document: [], account: null, company_has_mail: true, representative_today: company.representative.id,
    files: [{ purpose: 'declaracion', format: 'jpeg' }, { purpose: 'documento', format: 'pdf', size: 300_000 }],
  });
  const text = await run('show', number);
  for (const told of [facilitator.names, dialled(facilitator), company.id]) expect(text.out).toContain(told);
  expect(text.out + JSON.stringify(await shown(service, number))).not.toContain(facilitator.answer);

  const folder = join(service.folder, `sacados-${number}`);
  const taken = await run('files', number, '--to', folder);
  expect(taken.code, taken.err).toBe(0);
  expect(readdirSync(folder).sort()).toEqual([`${number}-declaracion.jpg`, `${number}-documento.pdf`]);
  for (const [name, { buffer }] of [['declaracion.jpg', declaration], ['documento.pdf', document]] as const) {
    const path = join(folder, `${number}-${name}`);
    expect(readFileSync(path).equals(buffer), name).toBe(true);
    expect(statSync(path).mode & 0o777, name).toBe(0o600);
  }
  expect(await run('files', number, '--to', folder)).toMatchObject({ code: 1, err: expect.stringContaining('Ya existe') });

  expect(await run('grant', number)).toMatchObject({ code: 0, out: expect.stringContaining('Clave concedida') });
  const mail = await service.mail.wait(facilitator.email, KEY_MAIL);
  keyIn(mail.text);
  expect(mail.text).toContain('/cambiar/facilitador');
  expect((await service.mail.wait(company.email, GRANTED_MAIL)).text).toContain(number);
  for (const args of [['grant', number], ['refuse', number, '--reason', REASON]]) {
    expect(await run(...args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/La solicitud ya fue resuelta: la concedió consola el .+\. No cambió nada\./) });
  }
  expect(await mails(service, facilitator.email, KEY_MAIL)).toBe(1);
  expect(await mails(service, company.email, 'su solicitud de Clave SENCE')).toBe(1);
});

test('F-REVIEW by command: refuse, and what is not understood or not there', http, async ({ service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  const run = (...args: string[]) => service.run('solicitudes', ...args);
  expect(await run('refuse', number)).toMatchObject({ code: 2, out: '' });
  expect(await run('list', '--state', 'otra')).toMatchObject({ code: 2, out: '' });
  expect(await run('refuse', number, '--reason', 'No')).toMatchObject({ code: 1, err: expect.stringContaining('Es muy corto') });
  expect(await run('grant', 'F-AAAA-AAAA')).toMatchObject({ code: 1, err: expect.stringContaining('No existe la solicitud F-AAAA-AAAA.') });
  expect(await run('grant', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('Ese no es un número de solicitud') });
  expect((await shown(service, number)).request.state).toBe('open');
  expect(await run('refuse', number, '--reason', REASON)).toMatchObject({ code: 0, out: expect.stringContaining('Solicitud rechazada') });
  expect((await service.mail.wait(company.email, REFUSED_MAIL)).text).toContain(REASON);
  expect((await shown(service, number)).request).toMatchObject({ state: 'refused', decided_by: 'consola', reason: REASON });
  expect(service.mail.to(facilitator.email)).toEqual([]);
});

test('F-REVIEW the same document by two companies: a warning; both granted make one account with the second key and mail', pg,
  async ({ page, service, company, otherCompany, newcomer, script }) => {
    const facilitator = newcomer();
    const elsewhere = { ...facilitator, email: newcomer().email };
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
    await expect(warning).toContainText(/F-.* \(concedida\)/);
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
      expect(await mails(service, address, KEY_MAIL)).toBe(count);
    }
  });

test('F-REVIEW the cap of keys per day: the request stays open, and the officer is told', async ({ page, engine, company, otherCompany, newcomer }) => {
  const frugal = await Service.start(engine, { CS_CAPTCHA_FIXED: LETTERS, CS_KEYS_PER_DAY: '2' });
  try {
    const facilitator = newcomer();
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
    await told(page, 'Hoy no se puede enviar otra clave', /La solicitud sigue abierta/);
    await expect(page.getByRole('link', { name: 'Conceder…' })).toBeVisible();
    expect((await shown(frugal, number)).request.state).toBe('open');
    expect(await mails(frugal, facilitator.email, KEY_MAIL)).toBe(2);
    expect(await mails(frugal, otherCompany.email, GRANTED_MAIL)).toBe(0);
  } finally {
    await page.goto('about:blank');
    await frugal.end();
  }
});

test('F-REVIEW what strangers typed is shown as text', async ({ page, service, company, newcomer }) => {
  const facilitator = { ...newcomer(), names: "Alba O'Higgins de la Ñ" };
  const number = await waiting(service, company, facilitator);
  await signIn(page, await newOfficer(service));
  await openByNumber(page, number);
  await expect(page.locator('main')).toContainText(facilitator.names);
  await refuse(page, '</textarea>');
  await expect(field(page, 'Motivo')).toHaveCount(0);
  await expect(page.locator('main')).toContainText('</textarea>');
});

test('F-REVIEW without a reload: sign-in, search, decision and “Salir”; URL, title and focus follow', { tag: '@script' }, async ({ page, service, company, newcomer }) => {
  const [first, second] = [newcomer(), newcomer()];
  const [granting, refusing] = [await waiting(service, company, first), await filedRequest(service, company, second)];
  const officer = await newOfficer(service);
  await page.goto('/mesa', { waitUntil: 'networkidle' });
  await mark(page);
  await press(page, 'Entrar');
  await refused(page, 'Código', /Escriba los 6 números/, true);
  await typeOfficer(page, officer, await officer.codes.next());
  await listShown(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(/^Solicitudes de facilitadores extranjeros/);
  await search(page, refusing);
  await expect(page).toHaveURL('/mesa?estado=abiertas');
  expect(await marked(page), 'from the sign-in to the list').toBe(true);

  await page.goto(`/mesa/solicitud/${refusing}`, { waitUntil: 'networkidle' });
  await mark(page);
  await refuse(page, 'Corto');
  await refused(page, 'Motivo', /^Es muy corto/, true);
  await refuse(page, REASON);
  await told(page, 'Solicitud rechazada');
  await expect(page.getByRole('status').filter({ hasText: 'Solicitud rechazada' })).toBeFocused();
  await expect(page).toHaveURL(`/mesa/solicitud/${refusing}?aviso=rechazada`);
  await expect(page).toHaveTitle(new RegExp(`^Solicitud ${refusing}`));
  expect(await marked(page), 'refused').toBe(true);

  await page.goto(`/mesa/solicitud/${granting}/conceder`, { waitUntil: 'networkidle' });
  await mark(page);
  await press(page, 'Conceder la clave');
  await granted(page);
  await expect(page.getByRole('status').filter({ hasText: 'Clave concedida' })).toBeFocused();
  await expect(page).toHaveURL(`/mesa/solicitud/${granting}?aviso=concedida`);
  await press(page, 'Salir');
  await signInAsked(page);
  await expect(page).toHaveURL('/mesa');
  expect(await marked(page), 'granted').toBe(true);
});

test('F-REVIEW headers of every page, and its cookie', http, async ({ service, company, facilitator }) => {
  const number = await waiting(service, company, facilitator);
  const officer = await newOfficer(service);
  const client = new Client(service.url);
  await client.get('/mesa');
  const { answer } = await client.submit('/api/mesa/entrar', {
    usuario: officer.name, clave_usuario: officer.key, codigo: await officer.codes.next(),
  });
  const cookie = String(answer.headers['set-cookie']);
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part);
  expect(cookie).not.toMatch(/Max-Age|Expires|Domain/i);
  const stranger = new Client(service.url);
  const pages = ['/mesa', '/mesa?estado=todas', `/mesa/solicitud/${number}`, `/mesa/solicitud/${number}/conceder`, `/mesa/solicitud/${number}/documento`];
  for (const [who, path] of [...pages.map((path) => [client, path] as const), [stranger, '/mesa'] as const, [stranger, pages[2]!] as const]) {
    const { status, headers, text } = await who.get(path);
    // What only leads elsewhere is kept by no browser anyway.
    if (status === 200) expect(headers['cache-control'], path).toContain('no-store');
    expect(headers['x-frame-options'], path).toBe('DENY');
    expect(String(headers['content-security-policy']), path).toContain("frame-ancestors 'none'");
    expect(headers['x-robots-tag'], path).toContain('noindex');
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    if (path.endsWith('/documento')) continue;
    expect(text, path).not.toMatch(/ on[a-z]+="|javascript:| style="/);
    // No address on the page says more than the number of a request.
    for (const [, address] of text.matchAll(/ (?:href|src|action)="([^"]*)"/g)) {
      for (const secret of [facilitator.names, facilitator.document, facilitator.email, company.id, company.names, officer.name]) {
        expect(decodeURIComponent(address!), path).not.toContain(secret);
      }
    }
  }
});

/** Every page of the desk, errors included. */
async function walk(page: Page, service: Service, company: Company, newcomer: () => Facilitator, look: Look) {
  const [facilitator, other] = [{ ...newcomer(), names: 'Nombrelargo Apellidolargo '.repeat(3).trim() }, newcomer()];
  const number = await waiting(service, company, facilitator);
  const another = await filedRequest(service, company, other, file('foto.jpg', jpeg()));
  const officer = await newOfficer(service);
  await page.goto('/mesa');
  await look('entrar');
  await press(page, 'Entrar');
  await expect(summary(page)).toBeVisible();
  await look('entrar, empty');
  await typeOfficer(page, officer, officer.codes.wrong());
  await expect(complaints(page)).toHaveText([WRONG]);
  await look('entrar, refused');
  await typeOfficer(page, officer, await officer.codes.next());
  await listShown(page);
  await look('lista');
  await search(page, company.id);
  await look('lista, searched');
  await search(page, 'no hay nada de esto');
  await look('lista, nothing found');
  await openByNumber(page, number);
  await look('solicitud');
  await refuse(page, 'Corto');
  await refused(page, 'Motivo', /^Es muy corto/, false);
  await look('solicitud, reason refused');
  await page.getByRole('link', { name: 'Conceder…' }).click();
  await heading(page, '¿Conceder la clave?');
  await look('conceder');
  await press(page, 'Conceder la clave');
  await granted(page);
  await look('solicitud, granted');
  await openByNumber(page, another);
  await look('solicitud, two images');
  await refuse(page, 'Palabralarguísimasinespacios'.repeat(6));
  await told(page, 'Solicitud rechazada');
  await look('solicitud, refused');
  await press(page, 'Salir');
  await signInAsked(page);
  await page.goto('/mesa?aviso=sesion');
  await told(page, 'Su sesión terminó');
  await look('entrar, session over');
  const again = await filedRequest(service, company, facilitator);
  await signIn(page, await newOfficer(service, '--read-only'));
  await page.goto(`/mesa/solicitud/${again}/conceder`);
  await told(page, 'Su usuario solo puede mirar');
  await expect(page.getByRole('region', { name: 'Fíjese en esto antes de resolver' })).toBeVisible();
  await look('solicitud, warnings, read only');
}

test('F-REVIEW axe: every page, errors included', async ({ page, service, company, newcomer, script }) => {
  test.setTimeout(120_000);
  await walk(page, service, company, newcomer, (what) => sound(page, what, script));
});

test('F-REVIEW budget: HTML and CSS of every page ≤ 14 kB compressed', http, async ({ page, service, company, newcomer }) => {
  await walk(page, service, company, newcomer, (what) => light(page, what));
});
