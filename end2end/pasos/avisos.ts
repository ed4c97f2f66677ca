import { pause, until } from '../support/net.ts';
import { expect, type Service } from '../support/test.ts';

/** So many mails of this subject go to an address and no more, once whatever is under way has had time to come. */
export async function mailed(service: Service, address: string, subject: string, wanted: number) {
  const subjects = () => service.mail.to(address).map((mail) => mail.subject).filter((one) => one.includes(subject));
  await until(`${wanted} mails “${subject}”`, () => subjects().length >= wanted);
  // The courier looks each second for what another process has written.
  await pause(1500);
  expect(subjects(), `mails “${subject}”`).toHaveLength(wanted);
}
