import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { changeKey, identify, setKey } from '../pasos/cambiar.ts';
import { companyKey, giveCompany, TO_NEW, giveRepresentative, giveSerialOf, identifyCompany } from '../pasos/empresa.ts';
import { heading, press } from '../pasos/formulario.ts';
import { askForKey, giveAnswer, giveDocument, giveId, keyFor, mailIsRight, expectSent } from '../pasos/recuperar.ts';
import { newCompany } from '../support/companies.ts';
import { newKey, type Person } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

/** A key as an older system hashed it: PBKDF2-SHA256 in the PHC format. */
function olderHash(key: string): string {
  const salt = randomBytes(16);
  const plain = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$pbkdf2-sha256$i=2000,l=32$${plain(salt)}$${plain(pbkdf2Sync(key, salt, 2000, 32, 'sha256'))}`;
}

const COLUMNS = 'rut;nombres;clave_hash;email;celular';
const row = ({ id, names, key, email, mobile }: Person) => [id, names, `"${olderHash(key)}"`, email, mobile].join(';');

test('A-IMPORT an account of the older system: N-REC-1 by serial, and its key works and is changed', pg, async ({ page, service, someone }) => {
  const [first, second] = [someone(), someone()];
  service.registry.add(first);
  const csv = `\uFEFF${COLUMNS}\r\n${row(first)}\r\n${row(second)}\r\n`;
  const { code, said, refused } = await service.import(csv);
  expect(code, said).toBe(0);
  expect(refused).toBe('');

  // No question on file: the serial is asked for at once (N-REC-1).
  await giveId(page, first.id);
  await giveDocument(page, first.document);
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  await changeKey(page, first, await keyFor(service, first), newKey());

  const key = newKey();
  await changeKey(page, second, second.key, key);
  await identify(page, second.id, key);
  await heading(page, 'Elija su clave nueva');
});

test('A-IMPORT companies of the older system: J-REC by the current representative, with and without a mail on file', pg, async ({ page, service }) => {
  const [first, second] = [newCompany(), newCompany()];
  for (const company of [first, second]) {
    service.tax.names(company);
    service.registry.add(company.representative);
  }
  const { code, said } = await service.import([
    'tipo,rut,razon_social,tipo_empresa,rut_representante,nombres_representante,clave_hash,pregunta,respuesta,email',
    // Whom the older system knows may be somebody of yesterday.
    `juridica,${first.id},${first.names},otec,11.111.111-1,Zutano Antiguo,"${olderHash(first.key)}",,,${first.email}`,
    `juridica,${second.id},${second.names},,,,,pais-favorito,${second.answer},`,
  ].join('\n'));
  expect(code, said).toBe(0);

  // No question on file: the representative is asked for at once (J-REC-1). The company gets a notice that it is another one.
  await giveCompany(page, first);
  await giveRepresentative(page, first.representative.id);
  await giveSerialOf(page, first.representative.document);
  await mailIsRight(page, 'SI');
  await identifyCompany(page, first, await companyKey(page, service, first.email));
  await setKey(page, newKey());
  await service.mail.wait(first.email, 'Cambió el representante legal');

  // A right answer and no mail address (A-MIN): on by the representative, who says where the key goes.
  await giveCompany(page, second);
  await giveAnswer(page, second.answer);
  await heading(page, 'Faltan datos en su cuenta');
  await press(page, 'Seguir con el representante legal');
  await giveRepresentative(page, second.representative.id);
  await giveSerialOf(page, second.representative.document);
  await heading(page, '¿Dónde quiere recibir su clave?');
  await page.getByLabel('Email Actual', { exact: true }).fill(second.email);
  await press(page, 'Continuar');
  await identifyCompany(page, second, await companyKey(page, service, second.email, TO_NEW));
  await heading(page, 'Elija su clave nueva');
});

test('A-IMPORT refused rows come with line and reason and without their values; again it changes nothing', pg, async ({ service, someone }) => {
  const [good, twice, bad] = [someone(), someone(), someone()];
  const csv = [
    COLUMNS, row(good), row(twice), row(twice), row({ ...bad, id: '12.345.678-9' }), row({ ...bad, email: 'sin arroba' }),
    `${bad.id};"sin cerrar`, '', row({ ...bad, mobile: '' }),
  ].join('\n');
  const dry = await service.import(csv, '--dry-run');
  expect(dry.code, dry.said).toBe(2);
  const { code, said, refused } = await service.import(csv);
  expect(code, said).toBe(2);
  expect(refused).toBe(dry.refused);
  const lines = refused.trim().split('\n');
  expect(lines[0]!.trim()).toBe('linea,columna,motivo');
  expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['4', '5', '6', '7']);
  for (const value of [twice.id, bad.id, bad.email, 'sin arroba', '12.345.678-9']) expect(refused + said).not.toContain(value);
  expect(said).toMatch(/creadas:? +3/i);

  const again = await service.import(csv);
  expect(again.said).toMatch(/creadas:? +0/i);
  expect(again.refused).toBe(refused);
});

test('A-IMPORT what is no such file is refused as a whole, with words', { tag: '@http' }, async ({ service }) => {
  for (const [csv, words] of [
    ['', /vac/i],
    ['nombre,apellido\nRosa,Inventada\n', /columna/i],
    [Buffer.from([0, 1, 2, 255, 254, 10, 0, 7]), /control|columna/i],
  ] as const) {
    const { code, said } = await service.import(csv as string | Buffer);
    expect(code).toBe(1);
    expect(said).toMatch(words);
  }
});
