import { randomInt } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Course } from './courses.ts';
import { inventedRut, unused } from './people.ts';
import { expect, type Page, type Person, type Service } from './test.ts';

/** What a virtual classroom posts to us, field by field. */
export type Fields = Record<string, string>;

/** An answer that came back to a virtual classroom. */
export interface Answer {
  /** `volver` is `UrlRetoma`, `error` is `UrlError`. */
  at: 'volver' | 'error';
  fields: Fields;
}

const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

/**
 * An OTEC with a virtual classroom: it sends a student’s browser to us by a form of its page, as the plugins for Moodle do, and keeps what
 * the browser brings back.
 */
export class Otec {
  /** What came back, the first one first. */
  readonly answers: Answer[] = [];
  private offered: { path: string; fields: Fields }[] = [];

  private constructor(
    private readonly service: Service,
    private readonly server: Server,
    readonly rut: string,
    /** Its token. */
    readonly token: string,
    readonly course: Course,
  ) {}

  /** One with a token, and a course that `student` attends. */
  static async open(service: Service, student: Person): Promise<Otec> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const rut = inventedRut().replaceAll('.', '');
    const course: Course = {
      codigo_curso: String(unused(() => randomInt(1_000_000, 10_000_000))), cod_sence: '1237123456', linea: '3', rut_otec: rut,
      desde: '2020-01-01', hasta: '2099-12-31', estado: 'Vigente', modalidad: 'E-learning', run_alumnos: [runOf(student)],
    };
    service.courses.add(course);
    const otec = new Otec(service, server, rut, await newToken(service, rut), course);
    server.on('request', (request, response) => {
      void otec.page(request).then((html) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html));
    });
    return otec;
  }

  /** The pages of the classroom. */
  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The fields of a start. */
  start(student: Person): Fields {
    const { codigo_curso, cod_sence, linea } = this.course;
    return {
      RutOtec: this.rut, Token: this.token, CodSence: cod_sence, CodigoCurso: codigo_curso, LineaCapacitacion: linea,
      RunAlumno: runOf(student), IdSesionAlumno: `sesion-${unused(() => randomInt(1_000_000_000))}`,
      UrlRetoma: `${this.url}/volver`, UrlError: `${this.url}/error`,
    };
  }

  /** The fields of the close of a session. */
  close(student: Person, session: string): Fields {
    return { ...this.start(student), IdSesionSence: session };
  }

  /** Opens the page of the classroom with a form that holds these fields, and presses its button. */
  async send(page: Page, path: string, fields: Fields) {
    // No field stands in a URL, as in the plugins.
    await page.goto(`${this.url}/aula/${this.offered.push({ path, fields }) - 1}`);
    await page.getByRole('button', { name: 'Registrar en SENCE' }).click();
  }

  /** The next answer: the browser is back at the classroom. */
  async answer(page: Page, at: Answer['at']): Promise<Fields> {
    await page.waitForURL(`${this.url}/${at}`);
    const last = this.answers.at(-1)!;
    expect(last.at).toBe(at);
    return last.fields;
  }

  end() {
    this.server.close();
  }

  private async page(request: IncomingMessage): Promise<string> {
    const [, page, index] = request.url!.split('/');
    if (request.method === 'POST') {
      let body = '';
      for await (const piece of request) body += piece;
      this.answers.push({ at: page as Answer['at'], fields: Object.fromEntries(new URLSearchParams(body)) });
      return '<h1>Aula virtual</h1>';
    }
    const offered = page === 'aula' ? this.offered[Number(index)] : undefined;
    if (!offered) return '<h1>Aula virtual</h1>';
    const inputs = Object.entries(offered.fields)
      .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`);
    return `<h1>Aula virtual</h1><form method="post" action="${this.service.url}${offered.path}">${inputs.join('')}
      <button>Registrar en SENCE</button></form>`;
  }
}

/** A RUN as the protocol writes it: without dots. */
export const runOf = (person: Person) => person.id.replaceAll('.', '');

/** Gives an OTEC another token. */
export async function newToken(service: Service, rut: string, ...options: string[]): Promise<string> {
  const { code, out, err } = await service.run('rce', 'tokens', 'add', rut, ...options);
  expect(code, err).toBe(0);
  return /[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/i.exec(out)![0];
}
