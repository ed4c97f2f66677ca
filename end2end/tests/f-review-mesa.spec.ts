import { registeredCompany } from '../pasos/empresa.ts';
import { begin, summaryLinks, heading, marked, press, pressAndStay, refused, summary, expectNotice } from '../pasos/formulario.ts';
import {
  storedPhone, filedRequest, granted, listShown, newOfficer, type Officer, openByNumber, REASON, refuse, rows, search, shown, signIn, signInAsked,
  typeOfficer, waiting,
} from '../pasos/mesa.ts';
import { SIGNED } from '../pasos/facilitador.ts';
import type { Look } from '../pasos/recorrido.ts';
import { file, jpeg } from '../support/archivos.ts';
import { expectAccessible } from '../support/axe.ts';
import type { Company } from '../support/companies.ts';
import type { Facilitator } from '../support/facilitators.ts';
import { Client } from '../support/http.ts';
import { expectWithinBudget } from '../support/peso.ts';
import { Service } from '../support/service.ts';
import { expect, type Page, test } from '../support/test.ts';
import { codeOf, Codes } from '../support/totp.ts';

const pg = { tag: '@pg' };
const http = { tag: '@http' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const WRONG = /El usuario, la clave o el código no son correctos/;

test('F-REVIEW the codes of these tests are those of RFC 6238', http, async () => {
  // Appendix B, the last six of eight digits.
  for (const [seconds, code] of [[59, '287082'], [1_111_111_109, '081804'], [20_000_000_000, '353130']] as const) {
    expect(codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', Math.floor(seconds / 30))).toBe(code);
  }
});

test('F-REVIEW the sign-in: what is missing or wrong; all that is wrong gets the same answer', pg, async ({ page, service, script, forbidInUrls }) => {
  const officer = await newOfficer(service);
  forbidInUrls(officer.name);
  forbidInUrls(officer.key);
  await page.goto('/mesa');
  await press(page, 'Entrar');
  await expect(summaryLinks(page)).toHaveCount(3);
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
      await expect(summaryLinks(page)).toHaveCount(1);
      for (const label of ['Clave', 'Código']) {
        await expect(field(page, label)).toHaveAttribute('aria-invalid', 'true');
        await expect(field(page, label)).toHaveAccessibleDescription(WRONG);
      }
      await expect(field(page, 'Usuario')).toHaveValue(who.name);
      await expect(field(page, 'Clave')).toHaveValue('');
      await expect(field(page, 'Código')).toHaveValue('');
    });
  }
  // It is said where the form has led, and nowhere else.
  await page.reload();
  await expect(summaryLinks(page)).toHaveCount(1);
  for (const path of ['/mesa', '/mesa/solicitud/F-AAAA-AAAA']) {
    await page.goto(path);
    await signInAsked(page);
    await expect(page).toHaveURL('/mesa');
    await expect(page).toHaveTitle(/^Mesa de revisión/);
    await expect(page.locator('main').getByRole('alert').or(page.locator('main').getByRole('status'))).toHaveCount(0);
    await expect(page.locator('main [aria-invalid]')).toHaveCount(0);
  }
  await page.goto('/mesa?aviso=sesion');
  await expectNotice(page, 'Su sesión terminó');
  await expect(summary(page)).toHaveCount(0);
  // In capitals and without its dashes it is the same key.
  await typeOfficer(page, { ...officer, key: officer.key.toUpperCase().replaceAll('-', ' ') }, await officer.codes.next());
  await listShown(page);
});

test('F-REVIEW the sign-in: five wrong tries on one name make it wait, also with the right ones', async ({ page, service }) => {
  const officer = await newOfficer(service);
  await page.goto('/mesa');
  for (let time = 0; time < 5; time++) {
    await field(page, 'Usuario').fill(officer.name);
    await field(page, 'Clave').fill('abcde-fghjk-mnpqr-tuvwx');
    await field(page, 'Código').fill(officer.codes.wrong());
    if (time > 0) await pressAndStay(page, 'Entrar');
    else await press(page, 'Entrar');
    await expect(page).toHaveURL('/mesa?aviso=entrada');
  }
  await typeOfficer(page, officer, await officer.codes.next());
  await expectNotice(page, 'Demasiados intentos', /espere 1 minuto/);
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
    const left = page.waitForResponse((response) => response.url().endsWith('/api/mesa/salir'));
    await press(page, 'Salir');
    await signInAsked(page);
    expect(await (await left).headerValue('clear-site-data')).toBe('"cache", "storage"');
    await expectNotice(page, 'Sesión cerrada');
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
    await expect(summary(page)).toContainText('cada uno sirve una sola vez');
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

test('F-REVIEW a session that was not used for half an hour is over, and says so; a reason that comes too late is restored after the sign-in', pg, async ({ page, service, company, facilitator, script }) => {
  const number = await waiting(service, company, facilitator);
  const officer = await newOfficer(service);
  await signIn(page, officer);
  await openByNumber(page, number);
  const half = () => service.sql(`UPDATE officer_session SET seen_at = seen_at - ${31 * 60_000}`);
  await half();
  await page.reload();
  await signInAsked(page);
  await expectNotice(page, 'Su sesión terminó', /30 minutos/);
  await signIn(page, officer);
  await openByNumber(page, number);
  await half();
  await refuse(page, REASON);
  await signInAsked(page);
  await expectNotice(page, 'Su sesión terminó', /Guardamos el motivo/);
  expect((await shown(service, number)).request.state).toBe('open');
  await typeOfficer(page, officer, officer.codes.wrong());
  await refused(page, 'Usuario', WRONG, script);
  await typeOfficer(page, officer, await officer.codes.next());
  await heading(page, `Solicitud ${number}`);
  await expectNotice(page, 'Falta enviar el rechazo');
  await expect(field(page, 'Motivo')).toHaveValue(REASON);
  expect((await shown(service, number)).request.state).toBe('open');
  await press(page, 'Rechazar la solicitud');
  await expectNotice(page, 'Solicitud rechazada');
});

test('F-REVIEW the search: by every way to write it, in no URL; states; an empty list', pg, async ({ page, service, company, makeFacilitator, forbidInUrls }) => {
  const digits = company.id.replace(/\D/g, '').slice(0, 7);
  const facilitator = { ...makeFacilitator(), names: `Ñusta Pérez Güell Muñoz ${digits}` };
  forbidInUrls(facilitator.names);
  const number = await waiting(service, company, facilitator);
  const other = await filedRequest(service, company, makeFacilitator());
  await signIn(page, await newOfficer(service));
  const spaced = facilitator.document.replace(/(\d{3})/g, '$1.').toLowerCase();
  const ways = [
    number.replaceAll('-', '').toLowerCase(), `nusta perez guell munoz ${digits}`, `${digits} munoz nusta`, facilitator.email, spaced,
    facilitator.phone, storedPhone(facilitator).slice(1),
  ];
  for (const text of ways) {
    forbidInUrls(text);
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
  for (const [name, url, found] of [['Aprobadas (1)', 'concedidas', number], ['Rechazadas (1)', 'rechazadas', other]] as const) {
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

test('F-REVIEW nothing to review; then 21 requests take two pages, oldest first', async ({ page, emptyService, company, makeFacilitator }) => {
  test.setTimeout(120_000);
  await signIn(page, await newOfficer(emptyService), emptyService.url);
  await expect(page.locator('main')).toContainText('No hay solicitudes por revisar.');
  await registeredCompany(emptyService, company);
  const numbers: string[] = [];
  for (let time = 0; time < 21; time++) numbers.push(await filedRequest(emptyService, company, makeFacilitator()));
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

test('F-REVIEW without a reload: sign-in, search, decision and “Salir”; URL, title and focus follow', { tag: '@script' }, async ({ page, service, company, makeFacilitator }) => {
  const [first, second] = [makeFacilitator(), makeFacilitator()];
  const [granting, refusing] = [await waiting(service, company, first), await filedRequest(service, company, second)];
  const officer = await newOfficer(service);
  await begin(page, '/mesa');
  await press(page, 'Entrar');
  await refused(page, 'Código', /Escriba los 6 números/, true);
  await typeOfficer(page, officer, await officer.codes.next());
  await listShown(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(/^Solicitudes de facilitadores extranjeros/);
  const menu = page.getByRole('contentinfo').getByRole('navigation');
  await expect(menu).toHaveCount(0);
  await search(page, refusing);
  await expect(page).toHaveURL('/mesa?estado=abiertas');
  expect(await marked(page), 'from the sign-in to the list').toBe(true);

  await begin(page, `/mesa/solicitud/${refusing}`);
  await refuse(page, 'Corto');
  await refused(page, 'Motivo', /^Es muy corto/, true);
  await refuse(page, REASON);
  await expectNotice(page, 'Solicitud rechazada');
  await expect(page.getByRole('status').filter({ hasText: 'Solicitud rechazada' })).toBeFocused();
  await expect(page).toHaveURL(`/mesa/solicitud/${refusing}?aviso=rechazada`);
  await expect(page).toHaveTitle(new RegExp(`^Solicitud ${refusing}`));
  expect(await marked(page), 'refused').toBe(true);

  await begin(page, `/mesa/solicitud/${granting}/conceder`);
  await press(page, 'Aprobar la solicitud');
  await granted(page);
  await expect(page.getByRole('status').filter({ hasText: 'Solicitud aprobada' })).toBeFocused();
  await expect(page).toHaveURL(`/mesa/solicitud/${granting}?aviso=concedida`);
  await press(page, 'Salir');
  await signInAsked(page);
  await expectNotice(page, 'Sesión cerrada');
  await expect(page).toHaveURL('/mesa?aviso=salida');
  await expect(menu).toHaveCount(0);
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
async function walk(page: Page, service: Service, company: Company, makeFacilitator: () => Facilitator, look: Look) {
  const [facilitator, other] = [{ ...makeFacilitator(), names: 'Nombrelargo Apellidolargo '.repeat(3).trim() }, makeFacilitator()];
  const number = await waiting(service, company, facilitator);
  const another = await filedRequest(service, company, other, file('foto.jpg', jpeg()));
  const officer = await newOfficer(service);
  await page.goto('/mesa');
  await look('entrar');
  await press(page, 'Entrar');
  await expect(summary(page)).toBeVisible();
  await look('entrar, empty');
  await typeOfficer(page, officer, officer.codes.wrong());
  await expect(summaryLinks(page)).toHaveText([WRONG]);
  await look('entrar, refused');
  await typeOfficer(page, officer, await officer.codes.next());
  await listShown(page);
  await look('lista');
  await search(page, company.id);
  await look('lista, searched');
  await search(page, 'no hay nada de esto');
  await look('lista, nothing found');
  await page.goto('/mesa/solicitud/F-0000-0000');
  await heading(page, 'Solicitud no encontrada');
  await look('solicitud, none');
  await openByNumber(page, number);
  await look('solicitud');
  await refuse(page, 'Corto');
  await refused(page, 'Motivo', /^Es muy corto/, false);
  await look('solicitud, reason refused');
  await page.getByRole('link', { name: 'Aprobar…' }).click();
  await heading(page, '¿Aprobar la solicitud?');
  await look('conceder');
  await press(page, 'Aprobar la solicitud');
  await granted(page);
  await look('solicitud, granted');
  await openByNumber(page, another);
  await look('solicitud, two images');
  await refuse(page, 'Palabralarguísimasinespacios'.repeat(6));
  await expectNotice(page, 'Solicitud rechazada');
  await look('solicitud, refused');
  await press(page, 'Salir');
  await signInAsked(page);
  await page.goto('/mesa?aviso=sesion');
  await expectNotice(page, 'Su sesión terminó');
  await look('entrar, session over');
  const again = await filedRequest(service, company, { ...facilitator, email: company.email }, SIGNED, SIGNED);
  await signIn(page, await newOfficer(service, '--read-only'));
  await page.goto(`/mesa/solicitud/${again}/conceder`);
  await expectNotice(page, 'Su usuario solo puede mirar');
  const warning = page.getByRole('region', { name: 'Fíjese en esto antes de resolver' });
  await expect(warning).toContainText('Los dos archivos son el mismo.');
  await expect(warning).toContainText('El correo del facilitador es el de la empresa: la clave es personal.');
  await look('solicitud, warnings, read only');
}

test('F-REVIEW axe: every page, errors included', async ({ page, service, company, makeFacilitator, allowConsoleError, script }) => {
  allowConsoleError(/404/);
  test.setTimeout(120_000);
  await walk(page, service, company, makeFacilitator, (what) => expectAccessible(page, what, script));
});

test('F-REVIEW budget: HTML and CSS of every page ≤ 14 kB compressed', http, async ({ page, service, company, makeFacilitator, allowConsoleError }) => {
  test.setTimeout(120_000);
  allowConsoleError(/404/);
  await walk(page, service, company, makeFacilitator, (what) => expectWithinBudget(page, what));
});
