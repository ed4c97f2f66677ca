import { expectMails } from '../pasos/avisos.ts';
import { heading, press, pressAndStay, success, expectNotice } from '../pasos/formulario.ts';
import { askForKey, expectQuestion, forget, giveAnswer, giveId, giveDocumentBelow, keyFor, mailIsRight, recoverByAnswer, expectSent, SERIAL } from '../pasos/recuperar.ts';
import { fillRegistration, openRegistration, registered } from '../pasos/registrar.ts';
import { pause, until } from '../support/net.ts';
import { expect, test } from '../support/test.ts';

const pg = { tag: '@pg' };

test('R-CIVIL a registry that is down: “intente más tarde”, nothing lost, no try counted; then it is up again', async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await forget(page);
  service.registry.down();
  try {
    await giveDocumentBelow(page, person.document);
    // More often than a wrong serial may be tried.
    for (let time = 0; time < 7; time++) {
      await expectNotice(page, 'El Registro Civil no responde', /intente más tarde/);
      await expect(page.getByLabel(SERIAL)).toHaveValue(person.document);
      await expect(page.getByLabel(SERIAL)).not.toHaveAttribute('aria-invalid');
      await pressAndStay(page, 'Validar');
    }
  } finally {
    service.registry.up();
  }
  await press(page, 'Validar');
  await mailIsRight(page, 'SI');
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('a server killed in the middle of a recovery: the flow is there after the restart', pg, async ({ page, service, person }) => {
  await registered(service, person);
  service.registry.add(person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await service.down('SIGKILL');
  await service.up();
  await forget(page);
  await giveDocumentBelow(page, person.document);
  await heading(page, 'Revise su correo');
  await service.down('SIGKILL');
  await service.up();
  await mailIsRight(page, 'SI');
  await heading(page, /Confirme y le enviamos/);
  await service.down('SIGKILL');
  await service.up();
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});

test('a server killed in the middle of a registration: the form can be sent after the restart', async ({ page, service, person }) => {
  await openRegistration(page);
  await fillRegistration(page, person);
  await service.down('SIGKILL');
  await service.up();
  await press(page, 'Crear Cuenta');
  await success(page, 'Recibimos su registro.');
});

test('R-MAIL R-SMS a server killed with messages that could not be delivered: they come after the restart, each once', pg, async ({ page, service, person }) => {
  await registered(service, person);
  await service.mail.wait(person.email, 'Recibimos su registro');
  await service.sms.wait(person.mobile, 'Recibimos un registro');
  await Promise.all([service.mail.close(), service.sms.close()]);
  try {
    await recoverByAnswer(page, person);
    await until('two tries', () => (service.logged.match(/message not delivered yet/g) ?? []).length >= 2);
    // Their outcome is written after it is logged; what is killed before that is tried again only after a minute and a half.
    await pause(500);
    await service.down('SIGKILL');
  } finally {
    await Promise.all([service.mail.open(), service.sms.open()]);
    await service.up();
  }
  await keyFor(service, person);
  await expectMails(service, person.email, '', 2);
  expect(service.sms.to(person.mobile)).toHaveLength(2);
  expect(service.logged).not.toContain(person.email);
});

test('R-MAIL a mail server that is down delays only the mails', async ({ page, service, person }) => {
  await registered(service, person);
  await service.mail.wait(person.email, 'Recibimos su registro');
  await service.mail.close();
  try {
    await recoverByAnswer(page, person);
    await service.sms.wait(person.mobile, 'provisoria');
    expect(service.mail.to(person.email)).toHaveLength(1);
  } finally {
    await service.mail.open();
  }
  await keyFor(service, person);
});

test('a server that is stopped in good order finishes and comes back with everything', async ({ page, service, person }) => {
  await registered(service, person);
  await giveId(page, person.id);
  await expectQuestion(page);
  await service.down('SIGTERM');
  await service.up();
  await giveAnswer(page, person.answer);
  await askForKey(page);
  await expectSent(page);
  await keyFor(service, person);
});
