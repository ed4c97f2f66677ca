import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expectMails } from '../pasos/avisos.ts';
import { registeredCompany } from '../pasos/empresa.ts';
import { storedPhone, filedRequest, GRANTED_MAIL, KEY_MAIL, REASON, REFUSED_MAIL, shown, waiting } from '../pasos/mesa.ts';
import { keyIn } from '../pasos/recuperar.ts';
import { file, jpeg, pdf } from '../support/archivos.ts';
import { expect, test } from '../support/test.ts';

const http = { tag: '@http' };

test('F-REVIEW by command: list, show, files, grant; a second time exits with 1 and says why', { tag: ['@http', '@pg'] }, async ({ service, company, facilitator }) => {
  const [declaration, document] = [file('foto.jpg', jpeg()), file('pasaporte.pdf', pdf({ size: 300_000 }))];
  await registeredCompany(service, company);
  const number = await filedRequest(service, company, facilitator, declaration, document);
  const run = (...args: string[]) => service.run('solicitudes', ...args);
  const listed = await run('list', '--json', '--search', facilitator.document);
  expect(listed.code, listed.err).toBe(0);
  const wanted = {
    number, state: 'open', decided_by: null, company: { rut: company.id, name: company.names },
    facilitator: { document_kind: 'pasaporte', document_number: facilitator.document, names: facilitator.names, email: facilitator.email, phone: storedPhone(facilitator) },
  };
  expect(JSON.parse(listed.out)).toMatchObject({ page: 1, pages: 1, requests: [wanted] });
  expect((await run('list', '--search', number)).out).toContain(number);
  expect(await shown(service, number)).toMatchObject({
    request: wanted, same_document: [], account: null, company_has_mail: true, representative_today: company.representative.id,
    files: [{ purpose: 'declaracion', format: 'jpeg' }, { purpose: 'documento', format: 'pdf', size: 300_000 }],
  });
  const text = await run('show', number);
  for (const item of [facilitator.names, storedPhone(facilitator), company.id]) expect(text.out).toContain(item);
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

  expect(await run('grant', number)).toMatchObject({ code: 0, out: expect.stringContaining('Solicitud aprobada') });
  const mail = await service.mail.wait(facilitator.email, KEY_MAIL);
  keyIn(mail.text);
  expect(mail.text).toContain('/cambiar/facilitador');
  expect((await service.mail.wait(company.email, GRANTED_MAIL)).text).toContain(number);
  for (const args of [['grant', number], ['refuse', number, '--reason', REASON]]) {
    expect(await run(...args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/La solicitud ya fue resuelta: la aprobó consola el .+\. No cambió nada\./) });
  }
  await expectMails(service, facilitator.email, KEY_MAIL, 1);
  await expectMails(service, company.email, 'su solicitud de Clave SENCE', 1);
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
