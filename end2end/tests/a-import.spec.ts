import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { changeKey, identify } from '../pasos/cambiar.ts';
import { heading } from '../pasos/formulario.ts';
import { askForKey, giveDocument, giveId, keyFor, mailIsRight, sent } from '../pasos/recuperar.ts';
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
  await sent(page);
  await changeKey(page, first, await keyFor(service, first), newKey());

  const key = newKey();
  await changeKey(page, second, second.key, key);
  await identify(page, second.id, key);
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
