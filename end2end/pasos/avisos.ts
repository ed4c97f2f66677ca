import { until } from '../support/net.ts';
import { expect, type Service } from '../support/test.ts';

/** Exactly `wanted` mails with this subject go to an address: none is missing, and no other one follows. */
export async function expectMails(service: Service, address: string, subject: string, wanted: number) {
  const subjects = () => service.mail.to(address).map((mail) => mail.subject).filter((one) => one.includes(subject));
  await until(`${wanted} mails “${subject}”`, () => subjects().length >= wanted);
  await service.quiet();
  expect(subjects(), `mails “${subject}”`).toHaveLength(wanted);
}
