import { identify } from '../pasos/cambiar.ts';
import { heading, press, refused, success } from '../pasos/formulario.ts';
import { askForKey, expectSent, giveAnswer, giveId, keyIn } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration } from '../pasos/registrar.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

test('what phones, contact books and word processors put into fields is understood', pg, async ({ page, service, person, forbidInUrls }) => {
  const [digits, check] = person.id.replaceAll('.', '').split('-') as [string, string];
  const typed = {
    ...person,
    // Zeros of a spreadsheet, a dash of a word processor, marks of direction that a chat puts around it.
    id: `\u202a00${digits}\u2013${check}\u202c`,
    email: `Rosa Quillay <${person.email}>,`,
    mobile: `+56\u00a09 ${person.mobile.slice(0, 4)}-${person.mobile.slice(4)}`,
    answer: 'Liceo N° 5',
    key: 'ñandú7xq',
  };
  for (const secret of [typed.answer, typed.key]) forbidInUrls(secret);
  await openRegistration(page);
  await fillRegistration(page, typed);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await expect(page.locator('.dato')).toHaveText(person.email);

  // The key with its accents apart, as some keyboards send it, is the same key.
  await identify(page, `${digits}${check.toLowerCase()}`, typed.key.normalize('NFD'));
  await heading(page, 'Elija su clave nueva');

  await giveId(page, `000${digits} ${check}`);
  await giveAnswer(page, ' liceo  Nº5');
  await askForKey(page);
  await expectSent(page);
  const key = keyIn((await service.mail.wait(person.email, 'Su clave provisoria')).text);
  const sms = (await service.sms.wait(person.mobile, 'clave Sence provisoria')).text;
  // Copied with its quotes and a full stop; digits for letters that look like them, and the other way round.
  const copied = `«${key.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')}».`;
  for (const [place, text] of [['a key by hand', copied], ['the whole message', sms]] as const) {
    await identify(page, person.id, text);
    await expect(page.getByRole('heading', { level: 1 }), place).toHaveText('Elija su clave nueva');
  }
});

test('what would mean something else is refused, with the true reason', async ({ page, person, script }) => {
  const cases: [label: string, typed: string, words: RegExp][] = [
    ['Rut', '10000181.0', /termina en «\.0»/],
    ['Rut', '0000002-7', /entre 5 y 9 caracteres/],
    ['Celular', '91234567.0', /planilla/],
    ['Email', '=?utf-8?q?x?=@correo.cl', /correo.*completo/],
    ['Email', '|x@correo.cl', /correo.*completo/],
    ['Respuesta Secreta', 'NULL', /Esa respuesta no sirve/],
    ['Clave CS', 'Quillay7 ', /empieza o termina con un espacio/],
    ['Clave CS', 'Quil\u200blay7', /un carácter que no se ve/],
  ];
  for (const [label, typed, words] of cases) {
    await openRegistration(page);
    await fillRegistration(page, person);
    await page.getByLabel(label, { exact: true }).fill(typed);
    await press(page, 'Crear Cuenta');
    await refused(page, label, words, script);
    if (!/Clave|Respuesta/.test(label)) await expect(page.getByLabel(label, { exact: true })).toHaveValue(typed);
  }
});
