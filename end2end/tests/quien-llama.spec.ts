import { FORGOTTEN } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { Client, type Answer } from '../support/http.ts';
import { expect, test, type Person, type Service } from '../support/test.ts';

/** What a stranger sees of one RUT: “Validar”, the question, one wrong answer, and what each cost. */
async function knock(service: Service, rut: string) {
  const runs = () => service.metric('clave_sence_argon2_runs_total');
  const client = new Client(service.url);
  await client.get('/recuperar/natural');
  const before = await runs();
  const validar = await client.submit('/api/recuperar/rut', { rut });
  const between = await runs();
  const wrong = await client.submit('/api/recuperar/pregunta', { respuesta: 'no es esta' });
  const after = await runs();
  const again = new Client(service.url);
  await again.get('/recuperar/natural');
  const second = await again.submit('/api/recuperar/rut', { rut });
  const change = new Client(service.url);
  await change.get('/cambiar/natural');
  const beforeKey = await runs();
  const key = await change.submit('/api/cambiar/validar', { rut, clave_actual: 'vK0000000' });
  const afterKey = await runs();
  const provisional = await change.submit('/api/cambiar/validar', { rut, clave_actual: 'J53722W1' });
  return {
    question: question(validar.page),
    sameQuestionAgain: question(second.page) === question(validar.page),
    pages: [validar.answer, validar.page, wrong.answer, wrong.page, key.answer, key.page, provisional.answer, provisional.page]
      .map((answer) => masked(answer, rut)),
    hashes: [between - before, after - between, afterKey - beforeKey, (await runs()) - afterKey],
  };
}

const question = (page: Answer) => /class="pregunta-texto">([^<]+)</.exec(page.text)?.[1];

/**
 * An answer as bytes with what is random in every answer masked, and with the two things that the person has typed or chosen:
 * the tag of the flow, the id of the captcha, the cookie, the request’s number, the date; the RUT in its field (every RUT here
 * has the same length); the text of the question. The length is not compared: it follows from the question.
 */
function masked(answer: Answer, rut: string): string {
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name))
    .map(([name, value]) => `${name}: ${String(value).replace(/=[\w-]{22};/, '=TOKEN;')}`);
  const body = answer.text
    .replace(/name="(pagina|imagen)" value="[\w-]{22}"/g, 'name="$1" value="RANDOM"')
    .replace(/(class="pregunta-texto">)[^<]+</, '$1QUESTION<')
    .replaceAll(`value="${rut}"`, 'value="RUT"');
  return [answer.status, ...headers, body].join('\n');
}

test('50 known RUTs and 50 unknown ones look the same: bytes, status, number of argon2 runs', { tag: ['@http', '@pg'] }, async ({ service, someone }) => {
  test.setTimeout(240_000);
  const known: Person[] = Array.from({ length: 50 }, someone);
  const unknown: Person[] = Array.from({ length: 50 }, someone);
  for (const person of known) await registered(service, person);
  const first = await knock(service, known[0]!.rut);
  expect(first.pages[1]).toContain(FORGOTTEN);
  expect(first.pages[3]).toContain('La respuesta no es correcta');
  expect(first.hashes.slice(0, 3)).toEqual([0, 1, 1]);

  const decoys = new Set<string | undefined>();
  for (let i = 0; i < 50; i++) {
    for (const person of [known[i]!, unknown[i]!]) {
      if (person === known[0]) continue;
      const seen = await knock(service, person.rut);
      expect(seen.pages).toEqual(first.pages);
      expect(seen.hashes).toEqual(first.hashes);
      expect(seen.sameQuestionAgain).toBe(true);
      if (person === unknown[i]) decoys.add(seen.question);
    }
  }
  // Decoys are questions of the list, more than one of them.
  expect(decoys).not.toContain(undefined);
  expect(decoys.size).toBeGreaterThan(4);
});

test('a known RUT and an unknown one get the same wait', { tag: '@http' }, async ({ service, person, someone }) => {
  const stranger = someone();
  await registered(service, person);
  const pages: string[][] = [];
  for (const { rut } of [person, stranger]) {
    const client = new Client(service.url);
    await client.get('/recuperar/natural');
    await client.submit('/api/recuperar/rut', { rut });
    const seen = [];
    for (let time = 0; time < 5; time++) {
      const { answer, page } = await client.submit('/api/recuperar/pregunta', { respuesta: 'no es esta' });
      seen.push(masked(answer, rut), masked(page, rut));
    }
    pages.push(seen);
  }
  expect(pages[0]!.at(-1)).toContain('Demasiados intentos');
  expect(pages[1]).toEqual(pages[0]);
});
