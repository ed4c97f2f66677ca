import { identify, setKey } from '../pasos/cambiar.ts';
import { codeFor, confirmLater, typeCode } from '../pasos/correo.ts';
import { heading, press, success, summary } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveContact, giveId, giveDocument, giveDocumentBelow, giveDocumentThere, mailIsRight, expectSent, toDocument } from '../pasos/recuperar.ts';
import { walkMissing, walkRecovery, walkRegistration, walkUpdate, walkUpdateByBirth } from '../pasos/recorrido.ts';
import { fillRegistration, openRegistration, registered, registeredWithout } from '../pasos/registrar.ts';
import { expectAccessible } from '../support/axe.ts';
import { KINDS, newKey } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

test('axe: pages without a flow', async ({ page, service, person, allowConsoleError, script }) => {
  test.setTimeout(120_000);
  allowConsoleError(/404/);
  await registered(service, person);
  await service.mail.wait(person.email, 'Recibimos su registro');
  const paths = ['/', '/informacion', '/registrar', '/recuperar', '/cambiar', '/actualizar', '/recuperar/juridica', '/facilitador',
    '/registrar/natural', '/recuperar/natural', '/cambiar/natural', '/actualizar/natural',
    '/recuperar/migrante', '/cambiar/migrante', '/actualizar/migrante', '/correo', '/correo/natural', '/correo/juridica', '/correo/migrante?aviso=vencido', '/cambiar/natural?aviso=vencido', '/actualizar/natural?aviso=vencido', '/no-hay', '/demo/bandeja'];
  for (const path of paths) {
    await page.goto(path);
    await expectAccessible(page, path, script);
  }
});

test('axe: every step of a recovery, errors included', async ({ page, service, person, someone, script }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, '12.345.678-9');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'rut, refused', script);
  await giveId(page, person.id);
  await expectQuestion(page);
  await expectAccessible(page, 'pregunta', script);
  await giveAnswer(page, 'no es');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'pregunta, refused', script);
  await forget(page);
  await expectAccessible(page, 'pregunta, box ticked', script);
  await page.getByText('¿Dónde está el número de serie?').click();
  await expectAccessible(page, 'pregunta, box ticked, with help', script);
  await giveDocumentBelow(page, 'A000000000');
  await expect(page).toHaveURL(/\/documento$/);
  await expectAccessible(page, 'documento', script);
  await page.getByText('¿Dónde está el número de serie?').click();
  await expectAccessible(page, 'documento, with help', script);
  await giveDocument(page, 'A1');
  await expect(summary(page).getByRole('link', { name: /9 letras o números/ })).toBeVisible();
  await expectAccessible(page, 'documento, refused', script);
  await giveDocument(page, person.document);
  await heading(page, 'Revise su correo');
  await expectAccessible(page, 'correo', script);
  await press(page, 'Continuar');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'correo, refused', script);
  await mailIsRight(page, 'NO');
  await heading(page, /Dónde quiere recibir/);
  await expectAccessible(page, 'contacto', script);
  await giveContact(page, '', '');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'contacto, refused', script);
  await giveContact(page, someone().email, person.mobile);
  await heading(page, /Confirme y le enviamos/);
  await expectAccessible(page, 'confirmar', script);
  await askForKey(page, '');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'confirmar, refused', script);
  await askForKey(page);
  await expectSent(page);
  await expectAccessible(page, 'listo', script);
});

test('axe: a registry that is down, a wait, another tab, no account', async ({ page, context, service, person, someone, script }) => {
  service.registry.add(person);
  await giveId(page, person.id);
  await toDocument(page);
  service.registry.down();
  await giveDocumentThere(page, person.document);
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'registry down', script);
  service.registry.up();
  await giveDocument(page, person.document);
  await heading(page, /todavía no tiene/);
  await expectAccessible(page, 'no account', script);
  const [one, two] = [someone(), someone()];
  await registered(service, one);
  await registered(service, two);
  await giveId(page, one.id);
  for (let time = 0; time < 3; time++) {
    await giveAnswer(page, 'no es');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveValue('');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(page.getByRole('alert').filter({ hasText: 'Demasiados intentos' })).toBeVisible();
  await expectAccessible(page, 'wait', script);
  const other = await context.newPage();
  await giveId(other, two.id);
  await expectQuestion(other);
  await giveAnswer(page, 'otra');
  await expect(page.getByRole('status').filter({ hasText: 'Usted comenzó otro trámite' })).toBeVisible();
  await expectAccessible(page, 'other tab', script);
});

test('axe: registration and change, errors included', async ({ page, service, person, script }) => {
  await openRegistration(page);
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'formulario, refused', script);
  await fillRegistration(page, person);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await expectAccessible(page, 'registrar, listo', script);
  await typeCode(page, 'AAAAAA');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'registrar, listo, refused', script);
  const code = await codeFor(service, person);
  await typeCode(page, code);
  await expect(page.locator('main')).toContainText('Correo confirmado');
  await expectAccessible(page, 'registrar, listo, confirmed', script);
  await confirmLater(page, person, '');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'correo, refused', script);
  await typeCode(page, code);
  await success(page, 'Correo confirmado');
  await expectAccessible(page, 'correo, listo', script);
  await identify(page, person.id, 'otra');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'validar, refused', script);
  await identify(page, person.id, person.key);
  await heading(page, 'Elija su clave nueva');
  await expectAccessible(page, 'clave', script);
  await setKey(page, 'corta', 'otra', '');
  await expect(summary(page)).toBeVisible();
  await expectAccessible(page, 'clave, refused', script);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await expectAccessible(page, 'cambiar, listo', script);
});

for (const kind of KINDS) {
  test(`axe: every step of “Actualizar datos” and what stops for missing data, ${kind}`, async ({ page, service, someone, script }) => {
    test.setTimeout(120_000);
    const look = (what: string) => expectAccessible(page, what, script);
    await walkUpdate({ page, service, someone, look }, kind);
    await walkMissing({ page, service, someone, look }, kind);
  });
}

test('axe: registration and recovery of a persona migrante, errors included', async ({ page, service, someone, script }) => {
  const look = (what: string) => expectAccessible(page, what, script);
  await walkRegistration({ page, service, someone, look }, 'migrante');
  await walkRecovery({ page, service, someone, look }, 'migrante');
});

test.describe('as the older guides have it', () => {
  test.use({ baseURL: async ({ olderService }, use) => use(olderService.url) });

  test('axe: the key on the screen, the date of birth, the document before an update', async ({ page, olderService: service, someone, script }) => {
    test.setTimeout(120_000);
    const look = (what: string) => expectAccessible(page, what, script);
    for (const kind of KINDS) {
      await walkUpdateByBirth({ page, service, someone, look }, kind);
      await walkRecovery({ page, service, someone, look }, kind);
    }
    await walkRegistration({ page, service, someone, look }, 'migrante');
  });
});

test('ARIA: what a screen reader finds on the main steps of a recovery', async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  const main = page.getByRole('main');
  await page.goto('/recuperar/natural');
  await expect(main).toMatchAriaSnapshot(`
    - heading /RUT/ [level=1]
    - text: Rut
    - textbox "Rut"
    - button "Validar"
  `);
  await giveId(page, '1');
  await expect(main).toMatchAriaSnapshot(`
    - alert:
      - heading "Hay algo que corregir" [level=2]
      - list:
        - listitem:
          - link /entre 5 y 9 caracteres/
    - heading /RUT/ [level=1]
    - textbox "Rut": "1"
    - button "Validar"
  `);
  await giveId(page, person.id);
  await expect(main).toMatchAriaSnapshot(`
    - heading "Responda su pregunta secreta" [level=1]
    - paragraph: Pregunta Secreta
    - paragraph: El nombre de mi primera mascota
    - textbox "Respuesta Secreta"
    - checkbox "No recuerdo la respuesta a mi pregunta secreta"
    - button "Validar"
  `);
  await forget(page);
  await expect(main).toMatchAriaSnapshot(`
    - heading "Responda su pregunta secreta" [level=1]
    - checkbox "No recuerdo la respuesta a mi pregunta secreta" [checked]
    - textbox "Número de serie cédula de identidad"
    - button "Validar"
  `);
  await giveDocumentBelow(page, 'A000000000');
  await expect(page).toHaveURL(/\/documento$/);
  await expect(main).toMatchAriaSnapshot(`
    - heading /número de serie/ [level=1]
    - textbox "Número de serie cédula de identidad": A000000000
    - button "Validar"
  `);
  await giveDocument(page, person.document);
  await expect(main).toMatchAriaSnapshot(`
    - heading "Revise su correo" [level=1]
    - group "¿El email es correcto? ¿Y el celular?":
      - radio "SI"
      - radio "NO"
    - button "Continuar"
  `);
  await mailIsRight(page, 'SI');
  await expect(main).toMatchAriaSnapshot(`
    - heading /Confirme y le enviamos/ [level=1]
    - heading "Validación de seguridad anti-Robots" [level=2]
    - img /letras/
    - link "Refrescar"
    - textbox "Captcha"
    - button "Recuperar Clave"
  `);
  await askForKey(page);
  await expect(main).toMatchAriaSnapshot(`
    - heading "Éxito" [level=1]
    - list:
      - listitem: /SMS a su celular dentro de los próximos 10 minutos/
      - listitem: /e-Mail dentro de los próximos 10 minutos/
    - paragraph:
      - link "Crear mi clave nueva"
  `);
});

test('ARIA: the registration form and “Cambiar CS”', async ({ page, service, person }) => {
  await openRegistration(page);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Registrar persona natural" [level=1]
    - heading "Información de Registro" [level=2]
    - textbox "Rut"
    - combobox "Pregunta Secreta"
    - textbox "Respuesta Secreta"
    - heading "Domicilio" [level=2]
    - textbox "Dirección Particular"
    - textbox "N° de Dirección Particular"
    - textbox "Block"
    - textbox "N° de Departamento"
    - combobox "Región"
    - combobox "Comuna"
    - heading "Datos de Contacto" [level=2]
    - textbox "Email"
    - textbox "Celular"
    - checkbox "Sin Celular"
    - textbox "Teléfono Particular"
    - textbox "Teléfono Trabajo"
    - heading "Clave Sence" [level=2]
    - textbox "Clave CS"
    - textbox "Repetir Clave CS"
    - heading "Validación de seguridad anti-Robots" [level=2]
    - textbox "Captcha"
    - button "Crear Cuenta"
  `);
  await registered(service, person);
  await identify(page, person.id, person.key);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - paragraph: Paso 2 de 2
    - heading "Elija su clave nueva" [level=1]
    - textbox "CS Nueva"
    - textbox "Repetir CS Nueva"
    - textbox "Captcha"
    - button "Cambiar Clave"
  `);
});

test('ARIA: what a screen reader finds on the main steps of “Actualizar datos”, and where a change stops', async ({ page, service, migrant }) => {
  await registeredWithout(service, migrant, 'mail');
  const main = page.getByRole('main');
  await page.goto('/actualizar/migrante');
  await expect(main).toMatchAriaSnapshot(`
    - heading "Validar Datos" [level=1]
    - textbox "NIE"
    - textbox "Clave Sence"
    - button "Validar"
    - paragraph:
      - link "Recuperar CS"
  `);
  await identify(page, migrant.id, migrant.key, 'migrante');
  await expect(main).toMatchAriaSnapshot(`
    - paragraph: Paso 1 de 2
    - heading "Faltan datos en su cuenta" [level=1]
    - list:
      - listitem: su correo electrónico
    - button "Actualizar datos"
    - button /Ya los completé/
  `);
  await press(page, 'Actualizar datos');
  await expect(main).toMatchAriaSnapshot(`
    - heading "Responda su pregunta secreta" [level=1]
    - textbox "Respuesta Secreta"
    - checkbox "No recuerdo la respuesta a mi pregunta secreta"
    - button "Validar"
  `);
  await giveAnswer(page, migrant.answer);
  await expect(main).toMatchAriaSnapshot(`
    - heading "Revise y actualice sus datos" [level=1]
    - list:
      - listitem: su correo electrónico
    - heading "Domicilio" [level=2]
    - textbox "Dirección Particular"
    - combobox "Comuna"
    - heading "Datos de Contacto" [level=2]
    - textbox "Email Actual"
    - textbox "Celular Nuevo"
    - checkbox "Sin Celular"
    - heading "Validación de seguridad anti-Robots" [level=2]
    - textbox "Captcha"
    - button "Actualizar datos"
  `);
});
