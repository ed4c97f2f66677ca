import { CLOSE, START } from '../pasos/asistencia.ts';
import { newOfficer } from '../pasos/mesa.ts';
import { file, pdf, png } from '../support/archivos.ts';
import { newCompany, type Company } from '../support/companies.ts';
import { newFacilitator } from '../support/facilitators.ts';
import { send } from '../support/http.ts';
import { Otec } from '../support/otec.ts';
import { newKey, newPerson, plainId, WORDS, type Kind, type Person } from '../support/people.ts';
import { Reader, rawTexts, textsOf } from '../support/seudo.ts';
import { Service } from '../support/service.ts';
import { expect, LETTERS, test } from '../support/test.ts';

// Walks through every page in the pseudo-language (docs/decisions/0014) and finds no sentence that did not come from the
// catalogue. Fields are named as the forms name them, because no label is in Spanish.
const http = { tag: '@http' };
/** Without mail server and gateway messages land in the demo's inbox, which is a page too. */
const QPS = { CS_LANGUAGE: 'qps', CS_CAPTCHA_FIXED: LETTERS, CS_SMTP_URL: '', CS_SMS_URL: '' };
const OLDER = { ...QPS, CS_SHOW_PROVISIONAL_KEY: 'true', CS_UPDATE_PROOF: 'birth_date', CS_REGISTER_PROOF: 'serial' };

const personal = { direccion: 'Los Aromos', numero: '12', region: '05', comuna: '05109' };
const mine = (someone: Person) => ({ [WORDS[someone.kind].field]: someone.id });
const proof = (someone: Person) => ({ [WORDS[someone.kind].documentField]: someone.document });

/** What of somebody may stand on a page. */
const known = (person: Person) => {
  const { id, document, names, email, mobile, answer, key } = person;
  return [id, plainId(person), document, names, email, mobile, answer, key];
};

/** “Regístrese” of a person, with the page full of errors before it. */
async function register(reader: Reader, someone: Person) {
  await reader.get(`/registrar/${someone.kind}`);
  await reader.submit('/api/registrar/crear', {});
  const form = {
    ...mine(someone), ...personal, serie: someone.document, documento_tipo: 'pasaporte', documento_pais: 'VE', documento: someone.document,
    fecha_nacimiento: someone.born, pregunta: 'primera-mascota', respuesta: someone.answer, email: someone.email,
    celular: someone.mobile, clave: someone.key, clave_otra_vez: someone.key,
  };
  await reader.submit('/api/registrar/captcha', form);
  await reader.submit('/api/registrar/crear', { ...form, captcha: 'MAL' });
  await reader.submit('/api/registrar/crear', { ...form, captcha: LETTERS });
  await reader.submit('/api/registrar/correo', { codigo_correo: 'AAAAAA' });
  await reader.get(`/correo/${someone.kind}?aviso=vencido`);
  await reader.submit('/api/correo/validar', {});
  await reader.submit('/api/correo/validar', { ...mine(someone), codigo_correo: 'AAAAAA' });
}

/** “Recuperar CS” by the document, with errors at every step, to other contact data. */
async function recoverByDocument(reader: Reader, someone: Person) {
  await reader.get(`/recuperar/${someone.kind}?aviso=vencido`);
  await reader.submit('/api/recuperar/validar', {});
  await reader.submit('/api/recuperar/validar', mine(someone));
  await reader.submit('/api/recuperar/pregunta', {});
  await reader.submit('/api/recuperar/pregunta', { respuesta: 'Otra cosa' });
  await reader.submit('/api/recuperar/pregunta', { no_recuerdo: 'si' });
  await reader.submit('/api/recuperar/documento', {});
  await reader.submit('/api/recuperar/documento', { serie: 'A000000000', documento: 'X0000000' });
  await reader.submit('/api/recuperar/documento', proof(someone));
  await reader.submit('/api/recuperar/correo', {});
  await reader.submit('/api/recuperar/correo', { email_correcto: 'no' });
  await reader.submit('/api/recuperar/contacto', {});
  await reader.submit('/api/recuperar/contacto', { email: someone.email, celular: someone.mobile });
  await reader.submit('/api/recuperar/confirmar', { captcha: 'MAL' });
  await reader.submit('/api/recuperar/confirmar', { captcha: LETTERS });
}

/** “Recuperar CS” by the answer. */
async function recoverByAnswer(reader: Reader, kind: Kind | 'juridica', who: Record<string, string>, answer: string) {
  await reader.get(`/recuperar/${kind}`);
  await reader.submit('/api/recuperar/validar', who);
  await reader.submit('/api/recuperar/pregunta', { respuesta: answer });
  await reader.submit('/api/recuperar/captcha', {});
  await reader.submit('/api/recuperar/confirmar', { captcha: LETTERS });
}

/** “Cambiar CS” to another key. */
async function change(reader: Reader, kind: string, who: Record<string, string>, key: string): Promise<string> {
  await reader.get(`/cambiar/${kind}?aviso=vencido`);
  await reader.submit('/api/cambiar/validar', {});
  await reader.submit('/api/cambiar/validar', { ...who, clave_actual: 'noEsEsta1' });
  await reader.submit('/api/cambiar/validar', { ...who, clave_actual: key });
  const other = newKey();
  await reader.submit('/api/cambiar/clave', { clave: 'abc', clave_otra_vez: '', captcha: '' });
  await reader.submit('/api/cambiar/clave', { clave: other, clave_otra_vez: other, captcha: LETTERS });
  return other;
}

/** “Actualizar datos”, by a new secret question. */
async function update(reader: Reader, someone: Person) {
  await reader.get(`/actualizar/${someone.kind}?aviso=vencido`);
  await reader.submit('/api/actualizar/validar', {});
  const first = { ...mine(someone), clave_actual: someone.key, fecha_nacimiento: someone.born, email: someone.email };
  await reader.submit('/api/actualizar/validar', first);
  await reader.submit('/api/actualizar/pregunta', { respuesta: '' });
  await reader.submit('/api/actualizar/pregunta', { no_recuerdo: 'si' });
  await reader.submit('/api/actualizar/documento', {});
  await reader.submit('/api/actualizar/documento', proof(someone));
  await reader.submit('/api/actualizar/elegir', {});
  await reader.submit('/api/actualizar/elegir', { pregunta: 'primer-sueldo', respuesta: someone.answer });
  await reader.submit('/api/actualizar/datos', {});
  const form = { ...personal, numero: '13', email: someone.email, celular: someone.mobile };
  await reader.submit('/api/actualizar/captcha', form);
  await reader.submit('/api/actualizar/datos', { ...form, captcha: LETTERS });
}

async function registerCompany(reader: Reader, company: Company) {
  await reader.get('/registrar/juridica');
  await reader.submit('/api/registrar/crear', {});
  await reader.submit('/api/registrar/crear', {
    ...personal, rut: company.id, razon_social: company.names, tipo_empresa: 'otec', pregunta: 'primera-mascota',
    respuesta: company.answer, email: company.email, rut_representante: company.representative.id,
    nombres_representante: company.representative.names, serie: company.representative.document, clave: company.key,
    clave_otra_vez: company.key, captcha: LETTERS,
  });
}

for (const [guides, settings] of [['newest', QPS], ['older', OLDER]] as const) {
  test(`qps: no raw sentence on a page of people, by the ${guides} guides`, http, async ({ engine }) => {
    test.setTimeout(120_000);
    const service = await Service.start(engine, settings);
    try {
      const [person, migrant, stranger] = [newPerson(), newPerson('migrante'), newPerson()];
      for (const someone of [person, stranger]) service.registry.add(someone);
      const reader = new Reader(service.url, [person, migrant, stranger].flatMap(known));
      for (const path of ['/', '/informacion', '/registrar', '/recuperar', '/cambiar', '/actualizar', '/correo', '/nada', '/demo/bandeja']) {
        await reader.get(path);
      }
      for (const someone of [person, migrant]) {
        await register(reader, someone);
        await recoverByAnswer(reader, someone.kind, mine(someone), someone.answer);
        await recoverByDocument(reader, someone);
        someone.key = await change(reader, someone.kind, mine(someone), someone.key);
        await update(reader, someone);
      }
      // Without an account, with a valid cédula.
      await reader.get('/recuperar/natural');
      await reader.submit('/api/recuperar/validar', mine(stranger));
      await reader.submit('/api/recuperar/pregunta', { no_recuerdo: 'si' });
      await reader.submit('/api/recuperar/documento', proof(stranger));
      // Missing data stops both flows, and “Actualizar datos” leads back.
      await service.sql(`UPDATE account SET email = NULL WHERE identifier = '${plainId(person)}'`);
      await reader.get('/recuperar/natural');
      await reader.submit('/api/recuperar/validar', mine(person));
      await reader.submit('/api/recuperar/pregunta', { respuesta: person.answer });
      await reader.submit('/api/recuperar/seguir', {});
      await reader.get('/cambiar/natural');
      await reader.submit('/api/cambiar/validar', { ...mine(person), clave_actual: person.key });
      await reader.submit('/api/cambiar/seguir', {});
      await reader.submit('/api/cambiar/completar', {});
      await reader.submit('/api/actualizar/pregunta', { respuesta: person.answer });
      await reader.submit('/api/actualizar/datos', { ...personal, email: person.email, celular: person.mobile, captcha: LETTERS });
      // A registry that does not answer.
      service.registry.down();
      await reader.get('/recuperar/natural');
      await reader.submit('/api/recuperar/validar', mine(person));
      await reader.submit('/api/recuperar/pregunta', { no_recuerdo: 'si' });
      await reader.submit('/api/recuperar/documento', proof(person));
      expect(reader.raw).toEqual([]);
      for (const page of [
        'registrar/natural/formulario', 'registrar/natural/listo', 'correo/migrante/validar', 'recuperar/migrante/contacto', 'recuperar/natural/listo',
        'recuperar/natural/sin-cuenta', 'recuperar/natural/faltan-datos', 'cambiar/migrante/clave', 'cambiar/migrante/listo',
        'cambiar/natural/faltan-datos', 'actualizar/migrante/elegir', 'actualizar/natural/listo',
      ]) expect([...reader.seen], page).toContain(`/${page}`);
    } finally {
      await service.end();
    }
  });
}

test('qps: no raw sentence on a page of companies, facilitators and officers', http, async ({ engine }) => {
  test.setTimeout(180_000);
  const service = await Service.start(engine, QPS);
  try {
    const [company, facilitator] = [newCompany(), newFacilitator()];
    service.registry.add(company.representative);
    service.tax.names(company);
    const data = [
      ...known(company.representative), company.id, company.names, company.email, company.key, company.answer,
      ...Object.values(facilitator), facilitator.phone.replaceAll(' ', ''), 'Falta la firma del representante.',
    ];
    const reader = new Reader(service.url, data);
    await registerCompany(reader, company);
    const who = { rut: company.id };
    await recoverByAnswer(reader, 'juridica', who, company.answer);
    await reader.get('/recuperar/juridica');
    await reader.submit('/api/recuperar/validar', {});
    await reader.submit('/api/recuperar/validar', who);
    await reader.submit('/api/recuperar/pregunta', { no_recuerdo: 'si' });
    await reader.submit('/api/recuperar/representante', {});
    await reader.submit('/api/recuperar/representante', { rut_representante: company.representative.id });
    await reader.submit('/api/recuperar/documento', {});
    await reader.submit('/api/recuperar/documento', proof(company.representative));
    await reader.submit('/api/recuperar/correo', { email_correcto: 'no' });
    await reader.submit('/api/recuperar/contacto', {});
    company.key = await change(reader, 'juridica', { ...who, rut_representante: company.representative.id }, company.key);

    await reader.get('/facilitador?aviso=vencido');
    await reader.submit('/api/facilitador/validar', {});
    const asking = { ...who, rut_representante: company.representative.id, clave_actual: company.key };
    await reader.submit('/api/facilitador/captcha', asking);
    await reader.submit('/api/facilitador/validar', { ...asking, captcha: LETTERS });
    await reader.upload('/api/facilitador/subir', 'declaracion', file('vacio.pdf', Buffer.alloc(0)));
    await reader.upload('/api/facilitador/subir', 'declaracion', file('declaracion.pdf', (await reader.get('/facilitador/declaracion.pdf')).body));
    await reader.get('/facilitador/datos');
    await reader.upload('/api/facilitador/otra-declaracion', 'documento_archivo', file('vacio.pdf', Buffer.alloc(0)));
    await reader.get('/facilitador/declaracion');
    await reader.upload('/api/facilitador/subir', 'declaracion', file('firmada.pdf', pdf()));
    await reader.upload('/api/facilitador/solicitar', 'documento_archivo', file('pasaporte.png', png()));
    const { page } = await reader.upload('/api/facilitador/solicitar', 'documento_archivo', file('pasaporte.png', png()), {
      documento_tipo: 'pasaporte', documento: facilitator.document, nombres: facilitator.names, email: facilitator.email,
      telefono: facilitator.phone, pregunta: 'primera-mascota', respuesta: facilitator.answer,
    });
    const [number] = /F-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(page.text) ?? ['none'];

    const officer = await newOfficer(service);
    await reader.get('/mesa');
    await reader.submit('/api/mesa/entrar', {});
    await reader.submit('/api/mesa/entrar', { usuario: officer.name, clave_usuario: officer.key, codigo: officer.codes.wrong() });
    await reader.submit('/api/mesa/entrar', { usuario: officer.name, clave_usuario: officer.key, codigo: await officer.codes.next() });
    await reader.submit('/api/mesa/buscar', { busqueda: company.names, estado: 'todas' });
    await reader.submit('/api/mesa/buscar', { busqueda: facilitator.names, estado: 'rechazadas' });
    for (const path of [`/mesa/solicitud/${number}`, `/mesa/solicitud/${number}/conceder`, '/mesa/solicitud/F-AAAA-AAAA']) await reader.get(path);
    await reader.get(`/mesa/solicitud/${number}`);
    await reader.submit('/api/mesa/rechazar', { numero: number, motivo: '' });
    await reader.get(`/mesa/solicitud/${number}/conceder`);
    await reader.submit('/api/mesa/conceder', { numero: number });
    await reader.submit('/api/mesa/rechazar', { numero: number, motivo: 'Falta la firma del representante.' });
    await reader.get('/mesa?estado=todas');
    await reader.submit('/api/mesa/salir', {});
    await reader.get('/cambiar/facilitador');
    await reader.submit('/api/cambiar/validar', {});
    await reader.submit('/api/cambiar/validar', { documento: facilitator.document, documento_tipo: 'pasaporte', clave_actual: 'noEsEsta1' });
    expect(reader.raw).toEqual([]);
    for (const page of ['facilitador/listo', `mesa/solicitud/${number}`, `mesa/solicitud/${number}/conceder`, 'cambiar/juridica/listo']) {
      expect([...reader.seen], page).toContain(`/${page}`);
    }
  } finally {
    await service.end();
  }
});

test('qps: no raw sentence on a page of a sign-in', http, async ({ engine }) => {
  const service = await Service.start(engine, QPS);
  try {
    const person = newPerson();
    service.registry.add(person);
    const { code, err } = await service.run('clients', 'add', 'otro', '--name', 'Ññññ', '--redirect', 'https://otro.example/volver', '--kinds',
      'natural,migrante,juridica,facilitador', '--scope', 'openid run name email', '--pkce', 'optional', '--initiate', 'https://otro.example/entrar');
    expect(code, err).toBe(0);
    // The example shows claims as they come; its name is what it was registered as.
    const claims = ['Sistema de ejemplo', 'RolUnico', 'numero', 'DV', 'tipo', 'RUN', 'cuenta', 'clase', 'natural', 'rut', 'email_verified', 'email', 'sub', 'false', '"K"'];
    const reader = new Reader(service.url, [...known(person), 'otro.example', 'access_denied', ...claims]);
    await register(reader, person);
    const at = () => reader.page.text.match(/action="(\/ingresar\/[^"?]+)/)![1]!;
    const to = async (path: string) => {
      const { status } = await reader.follow(path);
      expect([200, 400, 410], path).toContain(status);
    };
    await to('/demo/sistema');
    await to('/demo/sistema/entrar');
    const example = at();
    for (const kind of ['migrante', 'juridica', 'facilitador', 'natural']) {
      await to(`${example}?tipo=${kind}`);
      await reader.submit(`${example}?tipo=${kind}`, { paso: 'clave' });
      await reader.follow(`${example}?tipo=${kind}`);
    }
    await reader.submit(`${example}?tipo=natural`, { paso: 'clave', ...mine(person), clave_actual: 'noEsEsta1' });
    await to(`${example}?tipo=natural`);
    await reader.submit(`${example}?tipo=natural`, { paso: 'clave', ...mine(person), clave_actual: person.key });
    expect(reader.page.text).toContain(person.email);
    await to(example);
    await to('/cuenta');
    await to('/ingresar');
    const wanted = '/openid/authorize?client_id=otro&redirect_uri=https%3A%2F%2Fotro.example%2Fvolver&response_type=code&scope=openid+run+name+email&state=s';
    await to(wanted);
    const other = at();
    await to(`${other}?otra=si`);
    await reader.submit(`${other}?tipo=natural`, { paso: 'seguir' });
    await to(other);
    await to('/openid/authorize?client_id=nadie');
    await to('/ingresar/otro/vencido');
    await to('/demo/sistema/volver?error=access_denied');
    await to('/cuenta');
    await reader.submit('/cuenta', { paso: 'desconectar', sistema: 'sistema-de-ejemplo' });
    await to('/openid/logout?client_id=otro');
    await reader.submit('/salir', {});
    await to('/openid/logout?client_id=otro');
    await reader.submit('/cuenta', { paso: 'salir' });
    expect(reader.raw).toEqual([]);
    for (const page of ['demo/sistema', 'demo/sistema/volver', 'cuenta', 'salir', 'openid/logout', example.slice(1), other.slice(1)]) {
      expect([...reader.seen], page).toContain(`/${page}`);
    }
  } finally {
    await service.end();
  }
});

test('qps: no raw sentence on a page of attendance', http, async ({ engine }) => {
  const service = await Service.start(engine, QPS);
  const person = newPerson();
  const otec = await Otec.open(service, person);
  try {
    const reader = new Reader(service.url, [...known(person), '127.0.0.1', otec.course.codigo_curso]);
    await register(reader, person);
    /** Sends the browser there, as a classroom does; the page of the request. */
    const send = async (path: string, fields: Record<string, string>) => {
      await reader.get('/');
      return String((await reader.submit(path, fields)).answer.headers.location);
    };
    await reader.get(START);
    const request = await send(START, otec.start(person));
    await reader.submit(request, { paso: 'clave', clave_actual: 'noEsEsta1' });
    await reader.submit(request, { paso: 'clave', clave_actual: person.key });
    const session = /name="IdSesionSence" value="([^"]+)"/.exec(reader.page.text)![1]!;
    await send(CLOSE, otec.close(person, session));
    expect(reader.page.text).not.toContain('clave_actual');
    await send(CLOSE, otec.close(person, otec.token));
    await send(START, { ...otec.start(person), RutOtec: '76192083-9' });
    await send(START, { ...otec.start(person), UrlError: '' });
    await reader.get('/asistencia/AAAAAAAAAAAAAAAAAAAAAA');
    expect(reader.raw).toEqual([]);
    for (const page of [START, request, '/asistencia/AAAAAAAAAAAAAAAAAAAAAA']) expect([...reader.seen], page).toContain(page);
  } finally {
    otec.end();
    await service.end();
  }
});

test('qps: the pages of error statuses', http, async ({ engine }) => {
  const service = await Service.start(engine, QPS);
  try {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [path, origin] of [['/api/recuperar/validar', 'https://otra.ejemplo.cl'], ['/api/recuperar/validar', service.url], ['/nada', service.url]]) {
      const { text } = await send(service.url + path!, { method: 'POST', headers: { ...form, accept: 'text/html', origin: origin! }, body: 'tipo=nadie' });
      expect(text, path).toContain('lang="qps"');
      expect(rawTexts(textsOf(text), []), path).toEqual([]);
    }
  } finally {
    await service.end();
  }
});
