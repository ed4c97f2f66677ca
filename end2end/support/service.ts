import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Courses } from './courses.ts';
import { CivilRegistry } from './registry.ts';
import { ForeignDocuments } from './foreign.ts';
import { TaxRegistry } from './tax.ts';
import { MailServer } from './smtp.ts';
import { SmsGateway } from './sms.ts';
import { Postgres } from './postgres.ts';
import { freePort, pause, until } from './net.ts';

export type Engine = 'sqlite' | 'postgres';

/** The letters that every captcha has, where a service is started with them. */
export const LETTERS = 'ABCDE';

/** What `cargo xtask test` names; by hand, the debug build. */
const BINARY = process.env.CS_BIN || join(import.meta.dirname, '../../target/debug/clave-sence');

/** A `clave-sence serve` of the tests’ own, with a mail server, an SMS gateway and a Registro Civil beside it. */
export class Service {
  readonly folder = mkdtempSync(join(tmpdir(), 'cs-e2e-'));
  readonly registry = new CivilRegistry(join(this.folder, 'registro-civil.csv'));
  readonly tax = new TaxRegistry(join(this.folder, 'sii.csv'));
  readonly foreign = new ForeignDocuments(join(this.folder, 'documentos.csv'));
  readonly courses = new Courses(join(this.folder, 'cursos.csv'));
  mail!: MailServer;
  sms!: SmsGateway;
  private port = 0;
  private metricsPort = 0;
  private postgres?: Postgres;
  private process?: ChildProcess;
  private log = '';
  /** How often any service of this worker was taken down: a browser that asks for something meanwhile is refused. */
  static stops = 0;

  private constructor(private readonly settings: Record<string, string>) {}

  /** Starts one; `settings` are further keys of the configuration. */
  static async start(engine: Engine, settings: Record<string, string> = { CS_CAPTCHA_FIXED: LETTERS }): Promise<Service> {
    const service = new Service(settings);
    try {
      [service.mail, service.sms] = await Promise.all([MailServer.start(), SmsGateway.start()]);
      [service.port, service.metricsPort] = [await freePort(), await freePort()];
      if (engine === 'postgres') service.postgres = await Postgres.start();
      await service.up();
      return service;
    } catch (error) {
      await service.end();
      throw error;
    }
  }

  /** Where the pages are. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the program; after a stop at the same address, on the same data. Waits a while for an address that is taken. */
  async up() {
    for (const end = Date.now() + 10_000; !(await this.starts()); await pause(200)) {
      if (!this.log.includes('cannot listen on') || Date.now() > end) throw new Error(`the service did not start:\n${this.log}`);
    }
  }

  /** Starts the program, and says whether it came to be ready; if not, what it said is in the log. */
  private async starts(): Promise<boolean> {
    const process_ = spawn(BINARY, ['serve', '--data', this.folder], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.environment,
    });
    let [ready, over] = [false, false];
    const note = (chunk: Buffer) => {
      this.log += chunk;
      ready ||= this.log.includes(`Clave SENCE lista en ${this.url}`);
    };
    this.log = '';
    process_.stdout.on('data', note);
    process_.stderr.on('data', note);
    process_.on('error', (error) => (this.log += error));
    process_.on('close', () => (over = true));
    this.process = process_;
    await until(`the service to be ready`, () => ready || over || process_.pid === undefined, 30_000);
    return ready;
  }

  /** The configuration. Nothing of our own environment: the program refuses CS_ keys that it does not know. */
  private get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      CS_MODE: 'demo',
      CS_LISTEN: `127.0.0.1:${this.port}`,
      CS_METRICS_LISTEN: `127.0.0.1:${this.metricsPort}`,
      CS_SMTP_URL: this.mail.url,
      CS_SMS_URL: this.sms.url,
      CS_SMS_TOKEN: this.sms.token,
      CS_CIVIL_REGISTRY: `file:${this.registry.path}`,
      CS_TAX_REGISTRY: `file:${this.tax.path}`,
      CS_RCE_COURSES: `file:${this.courses.path}`,
      CS_TRIES_PER_ADDRESS: '100000',
      CS_MESSAGES_PER_ADDRESS: '100000',
      // Some tests take hundreds of keys. What a hash costs is tested in the crate `backend`.
      CS_WORTHLESS_HASHES: 'true',
      ...(this.postgres && { CS_DATABASE_URL: this.postgres.url }),
      ...this.settings,
    };
  }

  /**
   * `clave-sence import` of this file while the service runs: exit code, what it said, and the report of refused rows where
   * there is one.
   */
  async import(csv: string | Buffer, ...options: string[]): Promise<{ code: number | null; said: string; refused: string }> {
    const file = join(this.folder, 'cuentas.csv');
    const report = join(this.folder, 'rechazadas.csv');
    writeFileSync(file, csv);
    rmSync(report, { force: true });
    const { code, out, err } = await this.run('import', file, '--refused', report, ...options);
    const said = out + err;
    return { code, said, refused: existsSync(report) ? readFileSync(report, 'utf8') : '' };
  }

  /** A command of the program on the same data, while the service runs or not: exit code and what it said. */
  async run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const running = spawn(BINARY, [...args, '--data', this.folder], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.environment,
    });
    let [out, err] = ['', ''];
    running.stdout.on('data', (chunk: Buffer) => (out += chunk));
    running.stderr.on('data', (chunk: Buffer) => (err += chunk));
    const code = await new Promise<number | null>((resolve) => running.once('close', resolve));
    return { code, out, err };
  }

  /** Ends the program: in good order, or at once and in the middle of whatever it does. */
  async down(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
    const running = this.process;
    if (!running?.pid || running.exitCode !== null || running.signalCode !== null) return;
    Service.stops++;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await gone;
  }

  /** What the program wrote into its log since it was started last. */
  get logged() {
    return this.log;
  }

  /** A number of the metrics page, such as `clave_sence_argon2_runs_total`. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    const line = text.split('\n').find((line) => line.startsWith(`${name} `));
    if (!line) throw new Error(`no metric ${name}`);
    return Number(line.slice(name.length));
  }

  /**
   * Waits until nothing more can be sent. A form that is still being processed has half a second to write its messages, in
   * the transaction of what it changes; then the outbox is empty. Where messages wait for long, because a test took the mail
   * server down, the second in which the courier looks into its outbox has to be enough.
   */
  async quiet() {
    await pause(500);
    const sent = () => this.metric('clave_sence_outbox_messages{state="pending"}').then((waiting) => waiting === 0);
    await until('an empty outbox', sent, 1500).catch(() => undefined);
  }

  /**
   * Changes the database behind the program’s back, for what no screen can do: an account without a secret question (they
   * come with the import), or time that goes by. On SQLite the program is stopped meanwhile.
   */
  async sql(statement: string) {
    if (this.postgres) return this.postgres.sql(statement);
    await this.down();
    await changeSqlite(join(this.folder, 'clave-sence.db'), statement);
    await this.up();
  }

  /** How many rows each table has. On SQLite the program is stopped meanwhile. */
  async rows(): Promise<Record<string, number>> {
    if (this.postgres) return countRows((sql) => this.postgres!.read(sql), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    await this.down();
    const { Database } = await createRequire(import.meta.url)('sql.js')();
    const bytes = readFileSync(join(this.folder, 'clave-sence.db'));
    bytes[18] = bytes[19] = 1;
    const database = new Database(bytes);
    const read = (sql: string): string[] => (database.exec(sql)[0]?.values ?? []).map((row: unknown[]) => String(row[0]));
    const rows = countRows(read, "SELECT name FROM sqlite_master WHERE type = 'table'");
    database.close();
    await this.up();
    return rows;
  }

  /** Ends everything. */
  async end() {
    await this.down().catch(() => {});
    await Promise.all([this.mail?.close(), this.sms?.close()]);
    await this.postgres?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Counts the rows of every table that `tables` names. */
function countRows(read: (sql: string) => string[], tables: string): Record<string, number> {
  return Object.fromEntries(read(tables).map((table) => [table, Number(read(`SELECT COUNT(*) FROM ${table}`)[0])]));
}

/** Runs a statement on the file of a stopped SQLite, with SQLite compiled to wasm: no machine needs a tool for it. */
async function changeSqlite(path: string, statement: string) {
  const wal = `${path}-wal`;
  if (existsSync(wal) && statSync(wal).size > 0) throw new Error('the service left a write-ahead log behind');
  const bytes = readFileSync(path);
  // The header says “write-ahead log”, which needs shared memory; the log is empty, and the program sets it anew.
  bytes[18] = bytes[19] = 1;
  const { Database } = await createRequire(import.meta.url)('sql.js')();
  const database = new Database(bytes);
  database.run(statement);
  if (database.getRowsModified() < 1) throw new Error(`changed nothing: ${statement}`);
  writeFileSync(path, database.export());
  database.close();
}
