import { identify } from '../pasos/cambiar.ts';
import { back, changeTyped, expectNotice, heading, press, refused, success, summary, summaryLinks, typedAlready } from '../pasos/formulario.ts';
import { fillKeys, fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { Client } from '../support/http.ts';
import { newKey } from '../support/people.ts';
import { expect, LETTERS, test, type Page, type Person } from '../support/test.ts';

const pg = { tag: '@pg' };
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** In place of the fields the page says that key and answer are there; no field holds them, and none is seen. */
async function bothTyped(page: Page) {
  await expect(typedAlready(page, 'clave')).toContainText('Ya escribió su clave. No tiene que escribirla de nuevo.');
  await expect(typedAlready(page, 'respuesta')).toContainText('Ya escribió la respuesta. Si elige otra pregunta, escriba también otra respuesta.');
  for (const label of ['Respuesta Secreta', 'Clave CS', 'Repetir Clave CS']) {
    await expect(field(page, label)).toBeHidden();
    await expect(field(page, label)).toHaveValue('');
  }
}

/** The page holds the key and the answer nowhere, and neither does its address. */
async function heldNowhere(page: Page, person: Person) {
  const held = (await page.content()) + page.url();
  expect(held).not.toContain(person.key);
  expect(held).not.toContain(person.answer);
}

/** A registration in which only the comuna is wrong. */
async function wrongComuna(page: Page, person: Person) {
  await openRegistration(page);
  await fillRegistration(page, person);
  await field(page, 'Comuna').evaluate((list: HTMLSelectElement) => (list.value = ''));
  await press(page, 'Crear Cuenta');
}

/** The key that was registered is this one. */
async function keyIs(page: Page, person: Person, key: string) {
  await identify(page, person.id, key);
  await heading(page, 'Elija su clave nueva');
}

test('N-REG one wrong comuna costs nobody a key or an answer', pg, async ({ page, service, person, script }) => {
  await wrongComuna(page, person);
  await refused(page, 'Comuna', 'Elija su comuna.', script);
  await expect(summaryLinks(page)).toHaveCount(1);
  await expect(summary(page)).not.toContainText('otra vez');
  await bothTyped(page);
  await heldNowhere(page, person);
  await page.reload();
  await bothTyped(page);
  await field(page, 'Comuna').selectOption({ label: 'Viña del Mar' });
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(person.email, 'Recibimos su registro');
  await keyIs(page, person, person.key);
});

test('N-REG wrong letters are all that has to be typed again', async ({ page, person, script }) => {
  await openRegistration(page);
  await fillRegistration(page, person, 'XXXXX');
  await press(page, 'Crear Cuenta');
  await refused(page, 'Captcha', /Las letras no coinciden/, script);
  await expect(summary(page)).not.toContainText('otra vez');
  await bothTyped(page);
  const src = await page.getByRole('img', { name: /letras/ }).getAttribute('src');
  await page.getByRole('link', { name: 'Refrescar' }).click();
  await expect(page.getByRole('img', { name: /letras/ })).not.toHaveAttribute('src', src!);
  if (!script) await expectNotice(page, 'La imagen cambió', /^La imagen cambióEscriba las letras de la nueva imagen\.$/);
  await bothTyped(page);
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await keyIs(page, person, person.key);
});

test('N-REG “Cambiar” replaces the key, and says what is wrong with another one', async ({ page, person, script }) => {
  await wrongComuna(page, person);
  await bothTyped(page);
  await changeTyped(page, 'clave');
  await expect(field(page, 'Clave CS')).toBeVisible();
  await expect(field(page, 'Clave CS')).toHaveAttribute('autocomplete', 'new-password');
  await field(page, 'Clave CS').fill('corta');
  await field(page, 'Repetir Clave CS').fill('corta');
  await field(page, 'Comuna').selectOption({ label: 'Viña del Mar' });
  await press(page, 'Crear Cuenta');
  await refused(page, 'Clave CS', /muy corta/, script);
  await expect(summaryLinks(page)).toHaveCount(1);
  // What is wrong is seen, and what was kept before is not what the person wants.
  await expect(field(page, 'Clave CS')).toBeVisible();
  await expect(typedAlready(page, 'clave')).toHaveCount(0);
  await expect(typedAlready(page, 'respuesta')).toHaveCount(1);
  const other = newKey();
  await fillKeys(page, other);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await keyIs(page, person, other);
});

test('N-REG another question asks for another answer; another RUT for all', async ({ page, person, someone, script }) => {
  await wrongComuna(page, person);
  await bothTyped(page);
  await field(page, 'Pregunta Secreta').selectOption({ index: 3 });
  await press(page, 'Crear Cuenta');
  await refused(page, 'Respuesta Secreta', /Escriba/, script);
  await expect(typedAlready(page, 'clave')).toHaveCount(1);
  await field(page, 'Respuesta Secreta').fill(person.answer);
  await field(page, 'Rut').fill(someone().id);
  await field(page, 'Comuna').selectOption({ label: 'Viña del Mar' });
  await press(page, 'Crear Cuenta');
  await refused(page, 'Clave CS', /Escriba/, script);
  await expect(field(page, 'Clave CS')).toBeVisible();
  await expect(typedAlready(page, 'clave')).toHaveCount(0);
});

test('N-REG Back after an error, and after the end: nothing is made twice, and no page holds a key', async ({ page, service, person }) => {
  await wrongComuna(page, person);
  await bothTyped(page);
  await field(page, 'Comuna').selectOption({ label: 'Viña del Mar' });
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(person.email, 'Recibimos su registro');
  await back(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Éxito|Registrar persona natural/);
  await expect(typedAlready(page, 'clave')).toHaveCount(0);
  await heldNowhere(page, person);
});

test('N-REG “Terminar y borrar”: the next person finds an empty form', async ({ page, person }) => {
  await wrongComuna(page, person);
  await bothTyped(page);
  await page.getByRole('button', { name: 'Terminar y borrar' }).click();
  await expect(page).not.toHaveURL(/registrar/);
  await page.goto('/registrar/natural/formulario');
  await expect(typedAlready(page, 'clave')).toHaveCount(0);
  await expect(page.locator('main')).not.toContainText('Ya escribió');
});

test('N-REG an expired registration says that the data are there', async ({ page, service, person }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  // The page was open for longer than a captcha is taken.
  await page.locator('input[name=imagen]').evaluate((input: HTMLInputElement) => (input.value = input.value.slice(1)));
  await press(page, 'Crear Cuenta');
  await expectNotice(page, 'Pasó mucho tiempo', /Si no, envíelo otra vez\. Lo que escribió sigue aquí\. Solo escriba otra vez las letras de la imagen\./);
  await bothTyped(page);
  await expect(field(page, 'Rut')).toHaveValue(person.id);
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await service.mail.wait(person.email, 'Recibimos su registro');
});

test('N-CHG wrong letters cost nobody a new key', pg, async ({ page, service, person, script }) => {
  await registered(service, person);
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  const key = newKey();
  await field(page, 'CS Nueva').fill(key);
  await field(page, 'Repetir CS Nueva').fill(key);
  await field(page, 'Captcha').fill('XXXXX');
  await press(page, 'Cambiar Clave');
  await refused(page, 'Captcha', /Las letras no coinciden/, script);
  await expect(summary(page)).not.toContainText('otra vez');
  await expect(typedAlready(page, 'clave')).toContainText('Ya escribió su clave.');
  await expect(field(page, 'CS Nueva')).toBeHidden();
  await heldNowhere(page, { ...person, key });
  await field(page, 'Captcha').fill(LETTERS);
  await press(page, 'Cambiar Clave');
  await success(page, 'Su clave fue cambiada.');
  await keyIs(page, person, key);
});

test('the fields behind “Cambiar” are labelled, reached by the keyboard, and not required', async ({ page, person }) => {
  await wrongComuna(page, person);
  await bothTyped(page);
  const summaryOfKey = typedAlready(page, 'clave').locator('summary');
  await summaryOfKey.focus();
  await page.keyboard.press('Enter');
  await expect(field(page, 'Clave CS')).toBeVisible();
  for (const label of ['Clave CS', 'Repetir Clave CS']) {
    await expect(field(page, label)).not.toHaveAttribute('required');
    await expect(field(page, label)).toHaveAttribute('type', 'password');
  }
});

test('two browsers at once keep what was typed in each', { tag: '@http' }, async ({ service, someone }) => {
  const people = [someone(), someone()];
  const clients = await Promise.all(people.map(async (person) => {
    const client = new Client(service.url);
    await client.get('/registrar/natural');
    const { page } = await client.submit('/api/registrar/crear', { ...fields(person), comuna: '' });
    expect(page.text).toContain('Ya escribió su clave');
    expect(page.text).not.toContain(person.key);
    return client;
  }));
  for (const [place, person] of people.entries()) {
    const typed = { ...fields(person), respuesta: '', clave: '', clave_otra_vez: '' };
    const { page } = await clients[place]!.submit('/api/registrar/crear', typed);
    expect(page.text).toContain('Recibimos su registro.');
  }
});

test('each page carries a random text, from which the first token of its flow follows, and which nothing stores', { tag: '@http' }, async ({ service, someone }) => {
  const client = new Client(service.url);
  const azar = (text: string) => text.match(/name="azar" value="([\w-]{22})"/)![1]!;
  const texts = [azar((await client.get('/registrar/natural')).text), azar((await client.get('/registrar/natural')).text)];
  expect(texts[0]).not.toBe(texts[1]);
  const { page } = await client.submit('/api/registrar/crear', { ...fields(someone()), comuna: '' });
  expect(page.text).toContain('Ya escribió su clave');
  for (const text of texts) expect(page.text).not.toContain(text);
});

/** The form of N-REG, filled in. */
function fields(person: Person): Record<string, string> {
  return {
    rut: person.id, fecha_nacimiento: person.born, pregunta: 'primera-mascota', respuesta: person.answer,
    direccion: 'Pasaje Los Aromos', numero: '123', region: '05', comuna: '05109', email: person.email, celular: person.mobile,
    clave: person.key, clave_otra_vez: person.key, captcha: LETTERS,
  };
}
