import { FORGOTTEN } from '../pasos/recuperar.ts';
import { registered } from '../pasos/registrar.ts';
import { Client, type Answer } from '../support/http.ts';
import { plainId, WORDS } from '../support/people.ts';
import { expect, test, type Kind, type Person, type Service } from '../support/test.ts';

// Each with a service of its own: what the unknown are shown follows from the accounts that are there.

/** What a stranger sees of one RUT or NIE: each proof that can be tried, wrong, and what each cost. */
async function visit(service: Service, { id, kind }: Person) {
  const pages: Answer[] = [];
  const hashes: number[] = [];
  /** One form, and how many keys or answers were checked for it. */
  const send = async (client: Client, action: string, fields: Record<string, string>) => {
    const runs = () => service.metric('clave_sence_argon2_runs_total');
    const before = await runs();
    const { answer, page } = await client.submit(`/api/${action}`, fields);
    hashes.push((await runs()) - before);
    pages.push(answer, page);
    return page;
  };
  const begin = async (errand: string) => {
    const client = new Client(service.url);
    await client.get(`/${errand}/${kind}`);
    return client;
  };
  const { field, documentField } = WORDS[kind];
  const recovery = await begin('recuperar');
  const asked = question(await send(recovery, 'recuperar/validar', { [field]: id }));
  await send(recovery, 'recuperar/pregunta', { respuesta: 'no es esta' });
  await send(recovery, 'recuperar/pregunta', { no_recuerdo: 'si' });
  await send(recovery, 'recuperar/documento', { [documentField]: 'A000000000' });
  const again = question((await (await begin('recuperar')).submit('/api/recuperar/validar', { [field]: id })).page);
  const change = await begin('cambiar');
  await send(change, 'cambiar/validar', { [field]: id, clave_actual: 'vK0000000' });
  await send(change, 'cambiar/validar', { [field]: id, clave_actual: 'J53722W1' });
  const update = await begin('actualizar');
  await send(update, 'actualizar/validar', { [field]: id, clave_actual: 'vK0000000' });
  await send(update, 'actualizar/validar', { [field]: id, clave_actual: 'J53722W1' });
  return { asked, again, hashes, pages: pages.map((answer) => masked(answer, id)) };
}

const question = (page: Answer) => /class="pregunta-texto">([^<]+)</.exec(page.text)?.[1];

/**
 * An answer as bytes with what is random in every answer masked, and with the two things that the person has typed or chosen:
 * the tag of the flow, the id of the captcha, the cookie, the request’s number, the date; the RUT or NIE in its field and above the
 * steps of a recovery (all of a kind have the same length here); the text of the question. The length is not compared: it follows from the question.
 */
function masked(answer: Answer, id: string): string {
  // A NIE is shown without its dash.
  const shown = id.includes('.') ? id : id.replace('-', '');
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name))
    .map(([name, value]) => `${name}: ${String(value).replace(/=[\w-]{22};/, '=TOKEN;')}`);
  const body = answer.text
    .replace(/name="(pagina|imagen)" value="[\w-]{22}"/g, 'name="$1" value="RANDOM"')
    .replace(/(class="pregunta-texto">)[^<]+</, '$1QUESTION<')
    .replaceAll(`value="${id}"`, 'value="ID"')
    .replaceAll(`<strong>${shown}</strong>`, '<strong>ID</strong>');
  return [answer.status, ...headers, body].join('\n');
}

for (const [kind, each] of [['natural', 50], ['migrante', 25]] as [Kind, number][]) {
  const { word } = WORDS[kind];
  test(`${each} known ${word} and as many unknown ones look the same: bytes, status, number of argon2 runs`, { tag: ['@http', '@pg'] }, async ({ emptyService: service, someone }) => {
    test.setTimeout(300_000);
    const known: Person[] = Array.from({ length: each }, () => someone(kind));
    const unknown: Person[] = Array.from({ length: each }, () => someone(kind));
    for (const person of known) await registered(service, person);
    const first = await visit(service, known[0]!);
    expect(first.pages[1]).toContain(FORGOTTEN);
    expect(first.pages[3]).toContain('La respuesta no es correcta');
    expect(first.pages[7]).toContain(kind === 'natural' ? 'no corresponde a la cédula' : 'no coinciden');
    for (const page of [9, 11, 13, 15]) expect(first.pages[page]).toContain(`El ${word} o la clave no son correctos`);
    // “Validar”, the answer, the box, the document (Registro Civil’s, or ours), a key, a provisional key; the latter two again.
    expect(first.hashes.slice(0, 5)).toEqual([0, 1, 0, kind === 'natural' ? 0 : 1, 1]);
    expect(first.hashes[5]).toBeGreaterThan(1);
    expect(first.hashes.slice(6)).toEqual(first.hashes.slice(4, 6));

    const decoys = new Set<string | undefined>();
    for (let i = 0; i < each; i++) {
      for (const person of [known[i]!, unknown[i]!]) {
        if (person === known[0]) continue;
        const seen = await visit(service, person);
        expect(seen.pages).toEqual(first.pages);
        expect(seen.hashes).toEqual(first.hashes);
        expect(seen.again).toBe(seen.asked);
        if (person === unknown[i]) decoys.add(seen.asked);
      }
    }
    // Decoys are questions of the list, more than one of them.
    expect(decoys).not.toContain(undefined);
    expect(decoys.size).toBeGreaterThan(4);
  });

  test(`where half of the accounts have no secret question, the unknown ${word} are asked none as often, and always the same`, { tag: '@http' }, async ({ emptyService: service, someone }) => {
    const known = Array.from({ length: 8 }, () => someone(kind));
    for (const person of known) await registered(service, person);
    const without = known.slice(4).map((person) => `'${plainId(person)}'`);
    await service.sql(`UPDATE account SET question = NULL, answer_hash = NULL WHERE identifier IN (${without.join()})`);
    const { field } = WORDS[kind];
    const steps = async ({ id }: Person) => {
      const seen = new Set<unknown>();
      for (let time = 0; time < 2; time++) {
        const client = new Client(service.url);
        await client.get(`/recuperar/${kind}`);
        seen.add((await client.submit('/api/recuperar/validar', { [field]: id })).answer.headers.location);
      }
      expect(seen.size, 'the same each time').toBe(1);
      return [...seen][0];
    };
    let document = 0;
    for (let i = 0; i < 60; i++) if ((await steps(someone(kind))) === `/recuperar/${kind}/documento`) document++;
    // Half of 60; further off it is by chance once in millions.
    expect(document).toBeGreaterThan(10);
    expect(document).toBeLessThan(50);
    expect(await steps(known[0]!)).toBe(`/recuperar/${kind}/pregunta`);
    expect(await steps(known[7]!)).toBe(`/recuperar/${kind}/documento`);
  });

  test(`a known ${word} and an unknown one get the same wait`, { tag: '@http' }, async ({ emptyService: service, someone }) => {
    const [person, stranger] = [someone(kind), someone(kind)];
    await registered(service, person);
    const { field, documentField } = WORDS[kind];
    const tries: [errand: string, action: string, fields: Record<string, string>, before: (client: Client, id: string) => Promise<unknown>][] = [
      ['recuperar', 'recuperar/pregunta', { respuesta: 'no es esta' }, (client, id) => client.submit('/api/recuperar/validar', { [field]: id })],
      ['recuperar', 'recuperar/documento', { [documentField]: 'A000000000' }, async (client, id) => {
        await client.submit('/api/recuperar/validar', { [field]: id });
        await client.submit('/api/recuperar/pregunta', { no_recuerdo: 'si' });
      }],
      ['actualizar', 'actualizar/validar', { clave_actual: 'vK0000000' }, async () => {}],
    ];
    for (const [errand, action, fields, before] of tries) {
      const seen: string[][] = [];
      for (const { id } of [person, stranger]) {
        const client = new Client(service.url);
        await client.get(`/${errand}/${kind}`);
        await before(client, id);
        const pages = [];
        for (let time = 0; time < 7; time++) {
          const { answer, page } = await client.submit(`/api/${action}`, { ...fields, [field]: id });
          pages.push(masked(answer, id), masked(page, id));
        }
        seen.push(pages);
      }
      expect(seen[0]!.at(-1), action).toContain('Demasiados intentos');
      expect(seen[1], action).toEqual(seen[0]);
    }
  });

  test(`V-UPD a known ${word} and an unknown one look the same, whatever of the three is wrong`, { tag: ['@http', '@pg'] }, async ({ olderService: service, someone }) => {
    const [person, stranger] = [someone(kind), someone(kind)];
    // A date that nobody is given by chance.
    const other = { ...someone(kind), born: '01-01-1971' };
    await registered(service, person);
    const { field } = WORDS[kind];
    const tries: [id: string, born: string, email: string][] = [
      [stranger.id, person.born, person.email],
      [person.id, other.born, person.email],
      [person.id, person.born, other.email],
      [person.id, other.born, other.email],
    ];
    const seen: string[][] = [];
    for (const [id, fecha_nacimiento, email] of tries) {
      const client = new Client(service.url);
      await client.get(`/actualizar/${kind}`);
      const before = await service.metric('clave_sence_argon2_runs_total');
      const { answer, page } = await client.submit('/api/actualizar/validar', { [field]: id, fecha_nacimiento, email });
      expect(await service.metric('clave_sence_argon2_runs_total')).toBe(before);
      seen.push([answer, page].map((one) => masked(one, id).replaceAll(`value="${fecha_nacimiento}"`, 'value="BORN"').replaceAll(`value="${email}"`, 'value="MAIL"')));
    }
    expect(seen[0]![1]).toContain('Estos datos no corresponden a una misma cuenta');
    expect(seen[0]![1]).toContain('value="BORN"');
    for (const pages of seen) expect(pages).toEqual(seen[0]);
  });
}
