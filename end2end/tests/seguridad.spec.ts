import { openUpdate } from '../pasos/actualizar.ts';
import { identify } from '../pasos/cambiar.ts';
import { heading, press, summary } from '../pasos/formulario.ts';
import { giveAnswer, giveId, keyFor, keyIn, recovered } from '../pasos/recuperar.ts';
import { openRegistration, registered } from '../pasos/registrar.ts';
import { Client, send } from '../support/http.ts';
import { pause, until } from '../support/net.ts';
import { KINDS, WORDS, type Kind } from '../support/people.ts';
import { expect, LETTERS, test } from '../support/test.ts';

const http = { tag: '@http' };

/** The first page of every flow. */
const FLOWS = KINDS.flatMap((kind) => ['recuperar', 'registrar', 'cambiar', 'actualizar'].map((errand) => `/${errand}/${kind}`));

test('headers: CSP without inline script, no framing, no sniffing, nothing kept', http, async ({ service }) => {
  for (const path of ['/', ...FLOWS, '/informacion', '/no-hay', '/captcha/no-hay', '/icono.svg', '/salud']) {
    const { headers } = await send(service.url + path);
    const csp = String(headers['content-security-policy']).split(/; */);
    expect(csp, path).toContain("default-src 'none'");
    expect(csp, path).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(csp, path).toContain("worker-src 'self'");
    expect(csp, path).toContain("frame-ancestors 'none'");
    expect(csp, path).toContain("form-action 'self'");
    expect(csp, path).toContain("base-uri 'none'");
    expect(csp.join(), path).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['permissions-policy'], path).toContain('camera=()');
    expect(headers, path).not.toHaveProperty('server');
    expect(headers, path).not.toHaveProperty('x-powered-by');
  }
  for (const path of FLOWS) {
    expect((await send(service.url + path)).headers['cache-control'], path).toContain('no-store');
  }
});

test('pages have no script in them and no handler', http, async ({ service }) => {
  for (const path of ['/', ...FLOWS, '/informacion']) {
    const { text } = await send(service.url + path);
    const scripts = [...text.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
    for (const [, attributes, inside] of scripts) {
      expect(attributes, path).toMatch(/ src="\/pkg\//);
      expect(inside, path).toBe('');
    }
    expect(text, path).not.toMatch(/ on[a-z]+="|javascript:| style="/);
  }
});

test('cookies: HttpOnly, SameSite, for the session, and a new one at each proof', async ({ page, context, service, person }) => {
  await registered(service, person);
  await openRegistration(page);
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeVisible();
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await openUpdate(page, person, person.key);
  await heading(page, /pregunta secreta/);
  await giveId(page, person.id);
  await heading(page, /pregunta secreta/);
  const cookies = await context.cookies();
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(['cs_actualizar', 'cs_cambiar', 'cs_navegador', 'cs_recuperar', 'cs_registrar']);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    // The browser itself is known for 180 days; the rest is gone with its session.
    if (cookie.name === 'cs_navegador') expect(cookie.expires).toBeGreaterThan(Date.now() / 1000 + 179 * 86_400);
    else expect(cookie.expires).toBe(-1);
    expect(cookie.value).toMatch(/^[\w-]{22}$/);
  }
  const token = async (name: string) => (await context.cookies()).find((cookie) => cookie.name === name)?.value;
  const before = [await token('cs_recuperar'), await token('cs_actualizar')];
  await giveAnswer(page, person.answer);
  await heading(page, /Confirme y le enviamos/);
  expect(await token('cs_recuperar')).not.toBe(before[0]);
  await page.goto('/actualizar/natural/pregunta');
  await giveAnswer(page, person.answer);
  await heading(page, 'Revise y actualice sus datos');
  expect(await token('cs_actualizar')).not.toBe(before[1]);
});

test('a form from elsewhere is refused, in words', http, async ({ service, person }) => {
  const post = (headers: Record<string, string>) =>
    send(`${service.url}/api/recuperar/validar`, {
      method: 'POST',
      body: new URLSearchParams({ tipo: 'natural', rut: person.id }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  for (const headers of [
    {},
    { origin: 'https://malo.ejemplo.cl' },
    { origin: 'null' },
    { referer: 'https://malo.ejemplo.cl/' },
    { 'sec-fetch-site': 'cross-site', origin: service.url },
    { 'sec-fetch-site': 'same-site', origin: service.url },
    { 'sec-fetch-site': 'none', origin: service.url },
  ]) {
    const answer = await post(headers as Record<string, string>);
    expect(answer.status, JSON.stringify(headers)).toBe(403);
    expect(answer.headers, JSON.stringify(headers)).not.toHaveProperty('set-cookie');
    expect(answer.text).toContain('No pudimos recibir este formulario');
  }
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  expect((await post({ origin: service.url })).status).toBe(303);
});

test('a form on another site cannot be sent here by a browser', async ({ page, service, person, allowConsoleError }) => {
  allowConsoleError(/403/);
  await page.route('http://malo.ejemplo/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${service.url}/api/recuperar/validar"><input name="tipo" value="natural">
        <input name="rut" value="${person.id}"><button>Premio</button></form>`,
    }));
  await page.goto('http://malo.ejemplo/');
  await page.getByRole('button', { name: 'Premio' }).click();
  await heading(page, 'No pudimos recibir este formulario');
  expect((await page.context().cookies()).map((cookie) => cookie.name)).toEqual([]);
});

/** Every server function. */
const FUNCTIONS = [
  'recuperar/validar', 'recuperar/pregunta', 'recuperar/documento', 'recuperar/seguir', 'recuperar/correo', 'recuperar/contacto',
  'recuperar/representante', 'recuperar/confirmar', 'recuperar/captcha', 'registrar/crear', 'registrar/captcha', 'cambiar/validar', 'cambiar/completar',
  'cambiar/seguir', 'cambiar/clave', 'cambiar/captcha', 'actualizar/validar', 'actualizar/documento', 'actualizar/pregunta',
  'actualizar/elegir', 'actualizar/datos', 'actualizar/captcha',
];

test('“Actualizar datos” is not for companies', http, async ({ service }) => {
  for (const name of FUNCTIONS.filter((name) => name.startsWith('actualizar/') || name === 'cambiar/completar')) {
    const answer = await send(`${service.url}/api/${name}`, {
      method: 'POST', body: 'tipo=juridica&rut=1', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: service.url },
    });
    expect(answer.status, name).toBe(400);
  }
});

/** Where a step may lead: to a page of ours, of the same kind. */
const STEP = (kind: Kind) => new RegExp(`^/(recuperar|registrar|cambiar|actualizar)/${kind}(/[a-z-]+|\\?aviso=vencido)$`);

test('no step by GET, and what cannot be read is refused in words', http, async ({ service }) => {
  for (const name of FUNCTIONS) {
    const answer = await send(`${service.url}/api/${name}?tipo=natural&rut=1`);
    expect([404, 405], name).toContain(answer.status);
  }
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    send(`${service.url}/api/recuperar/validar`, { method: 'POST', body, headers: { 'content-type': type, origin: service.url } });
  for (const [body, type] of [
    ['{"rut":"1"}', 'application/json'], ['', undefined], ['tipo=natural', 'text/plain'], [`rut=${'1'.repeat(40_000)}`, undefined],
    ['tipo=reina&rut=1', undefined],
  ] as const) {
    const answer = await post(body, type);
    expect([400, 413], `${type} ${body.slice(0, 20)}`).toContain(answer.status);
    expect(answer.text).toContain('No pudimos leer lo que envió');
    expect(answer.text).not.toMatch(/serde|deserializ|missing field|error running/i);
  }
  for (const name of FUNCTIONS) {
    const answer = await send(`${service.url}/api/${name}`, {
      method: 'POST', body: 'tipo=natural&%00=%ff&rut=%ff%00&rut=2', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: service.url },
    });
    expect(answer.status, name).toBe(303);
    expect(answer.headers.location, name).toMatch(STEP('natural'));
  }
});

test('line breaks and markup in any field get into no header and no page as they are', http, async ({ service, person, migrant }) => {
  const fields = ['pagina', 'imagen', 'captcha', 'rut', 'nie', 'serie', 'documento', 'documento_tipo', 'documento_pais', 'fecha_nacimiento',
    'pregunta', 'respuesta', 'no_recuerdo', 'con', 'email_correcto', 'direccion', 'numero', 'block', 'departamento', 'region', 'comuna', 'email',
    'area_particular', 'telefono_particular', 'area_trabajo', 'telefono_trabajo', 'celular', 'sin_celular', 'clave_actual', 'clave', 'clave_otra_vez'];
  const broken = 'x\r\nSet-Cookie: malo=1\r\n\r\n<b id="malo">';
  const whole = Object.fromEntries(fields.map((field) => [field, broken]));
  for (const kind of KINDS) {
    for (const name of FUNCTIONS) {
      const client = new Client(service.url);
      await client.get(`/registrar/${kind}`);
      const { answer, page } = await client.submit(`/api/${name}`, { ...whole, tipo: kind });
      expect(answer.status, name).toBe(303);
      expect(answer.headers.location, name).toMatch(STEP(kind));
      expect(String(answer.headers['set-cookie'] ?? ''), name).not.toContain('malo');
      expect(page.status, name).toBe(200);
      expect(page.text.includes('<b id="malo">'), `${name}: markup as it was typed`).toBe(false);
    }
  }
  // In the steps behind the first proof too.
  for (const someone of [person, migrant]) {
    await registered(service, someone);
    const client = new Client(service.url);
    await client.get(`/actualizar/${someone.kind}`);
    await client.submit('/api/actualizar/validar', { [WORDS[someone.kind].field]: someone.id, clave_actual: someone.key });
    await client.submit('/api/actualizar/pregunta', { respuesta: someone.answer });
    const { answer, page } = await client.submit('/api/actualizar/datos', { ...whole, tipo: someone.kind, pagina: '', captcha: LETTERS });
    expect(answer.headers.location).toBe(`/actualizar/${someone.kind}/datos`);
    expect(page.text).toContain('Hay algo que corregir');
    expect(page.text.includes('<b id="malo">'), 'markup as it was typed').toBe(false);
    await service.mail.wait(someone.email, 'Recibimos su registro');
    expect(service.mail.to(someone.email)).toHaveLength(1);
  }
});

test('a hostile Host, Forwarded and X-Forwarded-* change no byte of a mail', http, async ({ service, person, someone }) => {
  const other = { ...someone() };
  const recover = async (who: typeof person, headers: Record<string, string>) => {
    await registered(service, who);
    await service.mail.wait(who.email, 'Recibimos su registro');
    const client = new Client(service.url, headers);
    await client.get('/recuperar/natural');
    await client.submit('/api/recuperar/validar', { rut: who.id });
    await client.submit('/api/recuperar/pregunta', { respuesta: who.answer });
    const { page, answer } = await client.submit('/api/recuperar/confirmar', { captcha: LETTERS });
    expect(page.text).toContain('Su clave provisoria va en camino.');
    expect(answer.headers.location).toBe('/recuperar/natural/listo');
    expect(page.text).not.toContain('malo');
    const mail = await service.mail.wait(who.email, 'Su clave provisoria');
    const boundary = /boundary="([^"]+)"/.exec(mail.raw)![1]!;
    // A minute may end between the two.
    const ends = /hasta el ([\d-]+ [\d:]+) \(hora/.exec(mail.text)![1]!;
    return mail.raw
      .replaceAll(boundary, 'BOUNDARY').replaceAll(keyIn(mail.text), 'KEY').replaceAll(who.email, 'WHO').replaceAll(ends, 'UNTIL')
      .replace(/^Date: .*$/m, 'DATE').replace(/^Message-ID: <\w+@/m, 'Message-ID: <ID@');
  };
  const plain = await recover(person, {});
  const host = 'malo.ejemplo';
  const hostile = await recover(other, {
    host, origin: service.url, 'x-forwarded-host': host, 'x-forwarded-proto': 'https', 'x-forwarded-server': host,
    forwarded: `host=${host};proto=https`, 'x-original-url': `http://${host}/`, 'x-rewrite-url': `http://${host}/`, referer: `http://${host}/`,
  });
  expect(plain).toContain(`${service.url}/cambiar/natural`);
  expect(hostile).toBe(plain);
});

test('programs that open every link of every message, and send every form behind it, spend and change nothing', { tag: ['@http', '@pg'] }, async ({ service, person, someone }) => {
  const now = someone();
  service.registry.add(person);
  await registered(service, person);
  await service.mail.wait(person.email, 'Recibimos su registro');
  // The key by answer, then one by document to new contact data, whose use tells both addresses.
  const first = await recovered(service, person);
  const client = new Client(service.url);
  await client.get('/recuperar/natural');
  await client.submit('/api/recuperar/validar', { rut: person.id });
  await client.submit('/api/recuperar/pregunta', { no_recuerdo: 'si' });
  await client.submit('/api/recuperar/documento', { serie: person.document });
  await client.submit('/api/recuperar/correo', { email_correcto: 'no' });
  await client.submit('/api/recuperar/contacto', { email: now.email, celular: now.mobile });
  await client.submit('/api/recuperar/confirmar', { captcha: LETTERS });
  const second = await keyFor(service, now);
  await service.mail.wait(person.email, 'a otro correo');
  await service.quiet();

  const addresses = [person.email, now.email];
  const messages = () => addresses.flatMap((address) => service.mail.to(address));
  const before = messages().length;
  const tables = ({ account, former_key, provisional_key, former_contact, known_browser, outbox, mail_code }: Record<string, number>) =>
    ({ account, former_key, provisional_key, former_contact, known_browser, outbox, mail_code });
  const rows = tables(await service.rows());
  const links = new Set(messages().flatMap(({ text, html }) => (text + html).match(/https?:\/\/[^\s"'<>)]+/g) ?? []));
  for (const sms of [...service.sms.to(person.mobile), ...service.sms.to(now.mobile)]) expect(sms.text).not.toMatch(/https?:|www\./);
  expect(links.size, 'links in messages').toBeGreaterThan(1);
  let forms = 0;
  for (const link of links) {
    const { origin, pathname, search, username } = new URL(link);
    expect(origin, 'every link is ours').toBe(service.url);
    expect(username + search, 'no link carries anything').toBe('');
    for (const known of [first, second, person.id, person.id.replaceAll('.', '')]) expect(link).not.toContain(known);
    expect((await send(link, { method: 'HEAD' })).status, link).toBe(200);
    // Each button of each form, with what the page itself filled in.
    const page = await new Client(service.url).get(pathname);
    for (const [, action] of page.text.matchAll(/<form[^>]* action="([^"]+)"/g)) {
      const blind = new Client(service.url);
      await blind.get(pathname);
      expect((await blind.submit(action!, {})).page.status, action).toBe(200);
      forms++;
    }
  }
  expect(forms).toBeGreaterThan(0);
  await service.quiet();
  expect(tables(await service.rows())).toEqual(rows);
  expect(messages()).toHaveLength(before);
  // The key that counted still counts, and once.
  const setKey = async (key: string) => {
    const owner = new Client(service.url);
    await owner.get('/cambiar/natural');
    return (await owner.submit('/api/cambiar/validar', { rut: person.id, clave_actual: key })).answer.headers.location;
  };
  expect(await setKey(second)).toBe('/cambiar/natural/clave');
});

test('the SMS gateway was asked only as it is documented, and no secret is in the log', http, async ({ service, person }) => {
  await registered(service, person);
  await service.sms.wait(person.mobile, 'Recibimos un registro');
  await until('the log', () => service.logged.includes('message delivered'));
  await pause(200);
  expect(service.sms.refused).toEqual([]);
  const { id, email, mobile, key, answer } = person;
  for (const secret of [id, id.replaceAll('.', ''), email, mobile, key, answer]) expect(service.logged).not.toContain(secret);
});
