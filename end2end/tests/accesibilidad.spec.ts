import { identify, setKey } from '../pasos/cambiar.ts';
import { heading, press, success, summary } from '../pasos/formulario.ts';
import { askForKey, asked, forget, giveAnswer, giveContact, giveRut, giveSerial, mailIsRight, sent } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { sound } from '../support/axe.ts';
import { newKey } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

test('axe: pages without a flow', async ({ page, service, person, tolerate, script }) => {
  tolerate(/404/);
  await registered(service, person);
  await service.mail.wait(person.email, 'está lista');
  const paths = ['/', '/informacion', '/registrar', '/recuperar', '/cambiar', '/actualizar', '/recuperar/migrante', '/facilitador',
    '/registrar/natural', '/recuperar/natural', '/cambiar/natural', '/cambiar/natural?aviso=vencido', '/no-hay', '/demo/bandeja'];
  for (const path of paths) {
    await page.goto(path);
    await sound(page, path, script);
  }
});

test('axe: every step of a recovery, errors included', async ({ page, service, person, someone, script }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveRut(page, '12.345.678-9');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'rut, refused', script);
  await giveRut(page, person.rut);
  await asked(page);
  await sound(page, 'pregunta', script);
  await giveAnswer(page, 'no es');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'pregunta, refused', script);
  await forget(page);
  await heading(page, /número de serie/);
  await sound(page, 'serie', script);
  await page.getByText('¿Dónde está el número de serie?').click();
  await sound(page, 'serie, with help', script);
  await giveSerial(page, 'A1');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'serie, refused', script);
  await giveSerial(page, person.serial);
  await heading(page, 'Revise su correo');
  await sound(page, 'correo', script);
  await press(page, 'Continuar');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'correo, refused', script);
  await mailIsRight(page, 'NO');
  await heading(page, /Dónde quiere recibir/);
  await sound(page, 'contacto', script);
  await giveContact(page, '', '');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'contacto, refused', script);
  await giveContact(page, someone().email, person.mobile);
  await heading(page, /Último paso/);
  await sound(page, 'confirmar', script);
  await askForKey(page, '');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'confirmar, refused', script);
  await askForKey(page);
  await sent(page);
  await sound(page, 'listo', script);
});

test('axe: a registry that is down, a wait, another tab, no account', async ({ page, context, service, person, someone, script }) => {
  service.registry.add(person);
  await giveRut(page, person.rut);
  await forget(page);
  service.registry.down();
  await giveSerial(page, person.serial);
  await expect(page.getByRole('alert')).toBeVisible();
  await sound(page, 'registry down', script);
  service.registry.up();
  await giveSerial(page, person.serial);
  await heading(page, /todavía no tiene/);
  await sound(page, 'no account', script);
  await giveRut(page, someone().rut);
  for (let time = 0; time < 3; time++) {
    await giveAnswer(page, 'no es');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveValue('');
    await expect(page.getByLabel('Respuesta Secreta')).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(page.getByRole('alert').filter({ hasText: 'Demasiados intentos' })).toBeVisible();
  await sound(page, 'wait', script);
  const other = await context.newPage();
  await giveRut(other, someone().rut);
  await asked(other);
  await giveAnswer(page, 'otra');
  await expect(page.getByRole('status').filter({ hasText: 'Usted comenzó otro trámite' })).toBeVisible();
  await sound(page, 'other tab', script);
});

test('axe: registration and change, errors included', async ({ page, person, script }) => {
  await openRegistration(page);
  await press(page, 'Crear Cuenta');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'formulario, refused', script);
  await fillRegistration(page, person);
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
  await sound(page, 'registrar, listo', script);
  await identify(page, person.rut, 'otra');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'validar, refused', script);
  await identify(page, person.rut, person.key);
  await heading(page, 'Elija su clave nueva');
  await sound(page, 'clave', script);
  await setKey(page, 'corta', 'otra', '');
  await expect(summary(page)).toBeVisible();
  await sound(page, 'clave, refused', script);
  await setKey(page, newKey());
  await success(page, 'Su clave fue cambiada.');
  await sound(page, 'cambiar, listo', script);
});

test('ARIA: what a screen reader finds on the main steps of a recovery', async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  const main = page.getByRole('main');
  await page.goto('/recuperar/natural');
  await expect(main).toMatchAriaSnapshot(`
    - paragraph: Paso 1 de 4
    - heading /RUT/ [level=1]
    - text: Rut
    - textbox "Rut"
    - button "Validar"
  `);
  await giveRut(page, '1');
  await expect(main).toMatchAriaSnapshot(`
    - alert:
      - heading "Hay algo que corregir" [level=2]
      - list:
        - listitem:
          - link /entre 7 y 9 caracteres/
    - paragraph: Paso 1 de 4
    - heading /RUT/ [level=1]
    - textbox "Rut": "1"
    - button "Validar"
  `);
  await giveRut(page, person.rut);
  await expect(main).toMatchAriaSnapshot(`
    - paragraph: Paso 2 de 4
    - heading "Responda su pregunta secreta" [level=1]
    - paragraph: Pregunta Secreta
    - paragraph: El nombre de mi primera mascota
    - textbox "Respuesta Secreta"
    - checkbox "No recuerdo la respuesta a mi pregunta secreta"
    - button "Validar"
  `);
  await forget(page);
  await expect(main).toMatchAriaSnapshot(`
    - paragraph: Paso 2 de 4
    - heading /número de serie/ [level=1]
    - textbox "Número de serie cédula de identidad"
    - button "Validar"
  `);
  await giveSerial(page, person.serial);
  await expect(main).toMatchAriaSnapshot(`
    - paragraph: Paso 3 de 4
    - heading "Revise su correo" [level=1]
    - group "El email es correcto?":
      - radio "SI"
      - radio "NO"
    - button "Continuar"
  `);
  await mailIsRight(page, 'SI');
  await expect(main).toMatchAriaSnapshot(`
    - paragraph: Paso 4 de 4
    - heading /Último paso/ [level=1]
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
  await identify(page, person.rut, person.key);
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - paragraph: Paso 2 de 2
    - heading "Elija su clave nueva" [level=1]
    - textbox "CS Nueva"
    - textbox "Repetir CS Nueva"
    - textbox "Captcha"
    - button "Cambiar Clave"
  `);
});
