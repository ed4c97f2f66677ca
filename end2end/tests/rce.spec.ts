import { ENTER, LEAVE, START, CLOSE, TIME_GOES_BY, comesBack, start, stays, typeKey } from '../pasos/asistencia.ts';
import { heading, press, refused } from '../pasos/formulario.ts';
import { askForKey, expectSent, giveAnswer, giveId, keyFor } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { expectAccessible } from '../support/axe.ts';
import { send } from '../support/http.ts';
import { newToken, Otec, runOf } from '../support/otec.ts';
import { inventedRut } from '../support/people.ts';
import { expectWithinBudget } from '../support/peso.ts';
import { Service } from '../support/service.ts';
import { expect, test } from '../support/test.ts';

// What an OTEC and its students see of SENCE’s attendance protocol: a classroom with a server of its own sends browsers here and gets them
// back. The rules themselves are tested in `domain/src/rce`.

const pg = { tag: '@pg' };
const http = { tag: '@http' };
const GUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;
const DATE_TIME = /^20\d\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d$/;

/** A student with a key, and the classroom of a course that this person attends. */
const classroom = test.extend<{ otec: Otec }>({
  otec: async ({ service, person }, use) => {
    await registered(service, person);
    const otec = await Otec.open(service, person);
    await use(otec);
    otec.end();
  },
});

classroom('L-RCE a student marks entry and exit, and the key is typed once', pg, async ({ page, otec, person, script }) => {
  const entry = otec.start(person);
  await otec.send(page, START, entry);
  await heading(page, ENTER);
  const main = page.locator('main');
  await expect(main).toContainText(`Es para el curso ${otec.course.codigo_curso}. Al terminar volverá a 127.0.0.1.`);
  await expect(main).toContainText(`Marca la persona con RUN ${person.id}`);
  await expect(main).toContainText('Tiene 3 intentos. Esta página sirve 3 minutos desde que la abrió.');
  await expectAccessible(page, 'asistencia', script);
  await expectWithinBudget(page, 'asistencia');
  await typeKey(page, person.key);
  const opened = await comesBack(page, otec, 'volver', 'Su entrada quedó marcada', script);
  const { IdSesionSence, FechaHora, ...echo } = opened;
  expect(echo).toEqual({
    CodSence: entry.CodSence, CodigoCurso: entry.CodigoCurso, IdSesionAlumno: entry.IdSesionAlumno, RunAlumno: entry.RunAlumno,
    ZonaHoraria: 'America/Santiago', LineaCapacitacion: '3',
  });
  expect(IdSesionSence).toMatch(GUID);
  expect(FechaHora).toMatch(DATE_TIME);

  const exit = otec.close(person, IdSesionSence!);
  await otec.send(page, CLOSE, exit);
  const closed = await comesBack(page, otec, 'volver', 'Su salida quedó marcada', script);
  expect(closed).toMatchObject({ IdSesionAlumno: exit.IdSesionAlumno, RunAlumno: runOf(person) });
  expect(closed).not.toHaveProperty('IdSesionSence');
  expect(closed).not.toHaveProperty('GlosaError');
  // Again: the same answer, with the time of the first.
  await otec.send(page, CLOSE, exit);
  expect(await comesBack(page, otec, 'volver', 'Su salida quedó marcada', script)).toEqual(closed);
});

classroom('L-RCE a refreshed answer is the same, and Back does not send it again by itself', pg, async ({ page, otec, person, script }) => {
  const opened = await start(page, otec, person, script);
  await page.reload();
  expect(otec.answers.map(({ fields }) => fields)).toEqual([opened, opened]);
  await page.goBack();
  await heading(page, 'Su entrada quedó marcada');
  await page.waitForLoadState('load');
  expect(otec.answers).toHaveLength(2);
  await press(page, 'Continuar');
  expect(await otec.answer(page, 'volver')).toEqual(opened);
});

classroom('L-RCE a wrong key can be corrected, the third ends the request', pg, async ({ page, otec, person, script }) => {
  await otec.send(page, START, otec.start(person));
  for (const left of ['Tiene 2 intentos', 'Tiene 1 intento']) {
    await typeKey(page, 'noEsEsta1');
    await expect(page.locator('main')).toContainText(left);
    await refused(page, 'Clave Sence', /^Esa clave no sirve para este RUN\./, script);
    // A refreshed page takes no try.
    await page.reload();
    await expect(page.locator('main')).toContainText(left);
  }
  await expectAccessible(page, 'asistencia, refused', script);
  await typeKey(page, 'noEsEsta1');
  const fields = await comesBack(page, otec, 'error', 'No se marcó su entrada', script);
  expect(fields).toMatchObject({ GlosaError: '100', IdSesionSence: '', RunAlumno: runOf(person) });
  // The key itself is as good as before.
  await start(page, otec, person, script);
});

classroom('L-RCE after three minutes no key counts, not even the right one', pg, async ({ page, otec, service, person, script }) => {
  await otec.send(page, START, otec.start(person));
  await heading(page, ENTER);
  await service.sql(TIME_GOES_BY);
  await typeKey(page, person.key);
  const fields = await comesBack(page, otec, 'error', 'No se marcó su entrada', script);
  expect(fields).toMatchObject({ GlosaError: '210', IdSesionSence: '' });
});

classroom('L-RCE a close in another browser asks for the key', pg, async ({ page, otec, service, person, script }) => {
  const opened = await start(page, otec, person, script);
  const device = await page.context().browser()!.newContext({ baseURL: service.url, javaScriptEnabled: script });
  const other = await device.newPage();
  await otec.send(other, CLOSE, otec.close(person, opened.IdSesionSence!));
  await heading(other, LEAVE);
  await typeKey(other, person.key);
  expect(await comesBack(other, otec, 'volver', 'Su salida quedó marcada', script)).not.toHaveProperty('GlosaError');
  // A session that nobody has opened.
  const unknown = opened.IdSesionSence!.replace(/^../, (two) => (two === '00' ? '11' : '00'));
  await otec.send(other, CLOSE, otec.close(person, unknown));
  expect(await comesBack(other, otec, 'error', 'No se marcó su salida', script)).toMatchObject({ GlosaError: '304' });
  await device.close();
});

classroom('L-RCE the requests of two tabs do not mix', async ({ page, otec, person, script }) => {
  const other = await page.context().newPage();
  const [one, two] = [otec.start(person), otec.start(person)];
  await otec.send(page, START, one);
  await otec.send(other, START, two);
  await typeKey(page, person.key);
  const first = await comesBack(page, otec, 'volver', 'Su entrada quedó marcada', script);
  await typeKey(other, person.key);
  const second = await comesBack(other, otec, 'volver', 'Su entrada quedó marcada', script);
  expect([first.IdSesionAlumno, second.IdSesionAlumno]).toEqual([one.IdSesionAlumno, two.IdSesionAlumno]);
  expect(first.IdSesionSence).not.toBe(second.IdSesionSence);
});

classroom('L-RCE “Volver al curso” goes back without a key', async ({ page, otec, person, script }) => {
  await otec.send(page, START, otec.start(person));
  await press(page, 'Volver al curso');
  const fields = await comesBack(page, otec, 'error', 'No se marcó su entrada', script);
  expect(fields).toMatchObject({ GlosaError: '100', IdSesionSence: '' });
});

classroom('L-RCE who is not on the course, or whose course is another’s, is told so by the classroom', async ({ page, otec, service, someone, person, script }) => {
  const stranger = someone();
  await registered(service, stranger);
  // Before the key nobody learns who takes the course.
  await otec.send(page, START, otec.start(stranger));
  await heading(page, ENTER);
  await typeKey(page, stranger.key);
  expect(await comesBack(page, otec, 'error', 'No se marcó su entrada', script)).toMatchObject({ GlosaError: '208' });
  const other = await Otec.open(service, person);
  await other.send(page, START, { ...other.start(person), CodigoCurso: otec.course.codigo_curso });
  expect(await comesBack(page, other, 'error', 'No se marcó su entrada', script)).toMatchObject({ GlosaError: '308' });
  other.end();
});

classroom('L-RCE a provisional key opens nothing, and the page says what it is for', async ({ page, otec, service, person, script }) => {
  await giveId(page, person.id);
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  await otec.send(page, START, otec.start(person));
  await typeKey(page, await keyFor(service, person));
  await refused(page, 'Clave Sence', /^Esta es una clave provisoria: solo sirve para crear su clave nueva\./, script);
  await stays(page, otec);
  await typeKey(page, person.key);
  await comesBack(page, otec, 'volver', 'Su entrada quedó marcada', script);
});

classroom('L-RCE at the test service -1 skips the course, at the other it is no code', async ({ page, otec, person, script }) => {
  const any = { ...otec.start(person), CodSence: '-1', CodigoCurso: '-1' };
  await otec.send(page, '/rcetest/Registro/IniciarSesion/', any);
  await typeKey(page, person.key);
  const opened = await comesBack(page, otec, 'volver', 'Su entrada quedó marcada', script);
  expect(opened).toMatchObject({ CodSence: '-1', CodigoCurso: '-1' });
  const closes = { ...any, IdSesionSence: opened.IdSesionSence! };
  await otec.send(page, CLOSE, closes);
  expect(await comesBack(page, otec, 'error', 'No se marcó su salida', script)).toMatchObject({ GlosaError: '204;205' });
  await otec.send(page, '/rcetest/Registro/CerrarSesion', closes);
  await comesBack(page, otec, 'volver', 'Su salida quedó marcada', script);
  await otec.send(page, START, any);
  expect(await comesBack(page, otec, 'error', 'No se marcó su entrada', script)).toMatchObject({ GlosaError: '204;205' });
});

classroom('security L-RCE for an OTEC that nobody knows only a button sends the error', pg, async ({ page, otec, service, person, script }) => {
  const unknown = { ...otec.start(person), RutOtec: inventedRut().replaceAll('.', ''), Token: '5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220' };
  await otec.send(page, START, unknown);
  await heading(page, 'No se marcó su entrada');
  await expect(page.locator('main')).toContainText('No sabemos de quién es la página 127.0.0.1.');
  await expectAccessible(page, 'asistencia, unknown OTEC', script);
  await stays(page, otec);
  await press(page, 'Continuar');
  expect(await otec.answer(page, 'error')).toMatchObject({ GlosaError: '302;303', IdSesionSence: '' });
  // An OTEC that has registered where its classroom is, and a page elsewhere that knows its token.
  const token = await newToken(service, otec.rut, '--origin', 'https://aula.ejemplo.cl');
  await otec.send(page, START, { ...otec.start(person), Token: token });
  await heading(page, 'No se marcó su entrada');
  await press(page, 'Continuar');
  expect((await otec.answer(page, 'error')).GlosaError).toBe('302');
});

classroom('security L-RCE without a usable UrlError nothing is sent anywhere', async ({ page, otec, person, allowConsoleError, script }) => {
  allowConsoleError(/400/);
  for (const [url, code] of [['javascript:alert(1)', '203'], ['data:text/html,x', '203'], ['', '201'], ['http://ejemplo.cl/error', '203']]) {
    await otec.send(page, START, { ...otec.start(person), UrlError: url! });
    await heading(page, 'No se marcó su entrada');
    await expect(page.locator('main')).toContainText(`Código para su OTEC: ${code}`);
    await expect(page.getByRole('button', { name: 'Continuar' })).toHaveCount(0);
  }
  await expectAccessible(page, 'asistencia, nowhere to go', script);
  await stays(page, otec);
});

classroom('security L-RCE nothing that a classroom sends becomes markup', pg, async ({ page, otec, person, script, allowConsoleError }) => {
  test.setTimeout(120_000);
  allowConsoleError(/400/);
  const markup = '"><script>window.malo=1</script>';
  const short = '"><b>';
  const own = otec.start(person);
  for (const name of Object.keys({ ...own, IdSesionSence: '' })) {
    const text = ['CodSence', 'RutOtec', 'RunAlumno'].includes(name) ? short : name === 'LineaCapacitacion' ? '"<' : markup;
    const before = otec.answers.length;
    // Not the real token: the page stays.
    await otec.send(page, CLOSE, { ...own, Token: '5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220', IdSesionSence: own.Token!, [name]: text });
    await heading(page, 'No se marcó su salida');
    await expect(page.locator('main b, main script')).toHaveCount(0);
    if (script) expect(await page.evaluate(() => 'malo' in window), name).toBe(false);
    if (name === 'UrlError') continue;
    await press(page, 'Continuar');
    const fields = await otec.answer(page, 'error');
    expect(otec.answers).toHaveLength(before + 1);
    if (name in fields) expect(fields[name]).toBe(text);
  }
  // What is right and strange comes back letter by letter, too.
  const strange = `a b+c&d="'<é>%41`;
  await otec.send(page, START, { ...own, IdSesionAlumno: strange });
  await typeKey(page, person.key);
  expect((await comesBack(page, otec, 'volver', 'Su entrada quedó marcada', script)).IdSesionAlumno).toBe(strange);
});

classroom('L-RCE the page of a request is of its browser alone', async ({ page, otec, service, person, script, allowConsoleError }) => {
  allowConsoleError(/410/);
  await otec.send(page, START, otec.start(person));
  await heading(page, ENTER);
  const device = await page.context().browser()!.newContext({ baseURL: service.url, javaScriptEnabled: script });
  const other = await device.newPage();
  await other.goto(page.url());
  await heading(other, 'Esta página venció');
  await expectAccessible(other, 'asistencia, gone', script);
  await device.close();
});

classroom('security L-RCE headers: the form ends at the origin of the classroom alone, in no frame, and no page is named', http, async ({ otec, service, person }) => {
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: otec.url, 'sec-fetch-site': 'cross-site' };
  const fields = otec.start(person);
  const post = (path: string, fields: Record<string, string>) =>
    send(service.url + path, { method: 'POST', headers: form, body: String(new URLSearchParams(fields)) });
  for (const path of [START, `${START}/`]) {
    const begun = await post(path, { ...fields, Token: '5EEBF607-25A9-4DB2-A4DD-5D31BDAE3220' });
    expect([begun.status, String(begun.headers.location).replace(/[\w-]{22}$/, '…')]).toEqual([303, '/asistencia/…']);
    const [cookie] = begun.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/^cs_asistencia_[\w-]{22}=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/);
    const { headers, text } = await send(service.url + begun.headers.location, { headers: { cookie: cookie!.split(';')[0]! } });
    const policies = [headers['content-security-policy']].flat().join(' ');
    expect(policies).toContain(`form-action 'self' ${otec.url};`);
    expect(policies).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'referrer-policy': 'strict-origin', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store', 'x-robots-tag': 'noindex',
    });
    expect(text).not.toContain(fields.Token);
  }
  // Whoever opens the address finds a page; no other path takes forms from elsewhere.
  const here = await send(service.url + START);
  expect([here.status, here.text]).toEqual([200, expect.stringContaining('Esta dirección es para los cursos')]);
  for (const path of ['/rce/registro/iniciarsesion', '/rce/Registro', '/asistencia/AAAAAAAAAAAAAAAAAAAAAA']) {
    expect((await post(path, fields)).status, path).toBe(403);
  }
});

test('L-RCE without a list of courses the addresses are not there', http, async ({ engine }) => {
  const service = await Service.start(engine, { CS_RCE_COURSES: '' });
  try {
    for (const path of [START, CLOSE, '/rcetest/Registro/IniciarSesion', '/asistencia/AAAAAAAAAAAAAAAAAAAAAA']) {
      expect((await send(service.url + path)).status, path).toBe(404);
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send(service.url + START, { method: 'POST', headers, body: 'RutOtec=1-9' })).status).toBe(404);
  } finally {
    await service.end();
  }
});
