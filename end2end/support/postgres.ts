import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, until } from './net.ts';

/** The server of this process while any database of it is in use, and how many are. */
let shared: Promise<Server> | undefined;
let users = 0;
let made = 0;

/** A database for one service, on a PostgreSQL server that all services of a worker share: `initdb` takes seconds. */
export class Postgres {
  private constructor(
    private readonly server: Server,
    private readonly name: string,
  ) {}

  static async start(): Promise<Postgres> {
    users++;
    try {
      const name = `clave${made++}`;
      const server = await (shared ??= Server.start());
      server.sql('postgres', `CREATE DATABASE ${name}`);
      return new Postgres(server, name);
    } catch (error) {
      await release();
      throw error;
    }
  }

  get url() {
    return `postgres://prueba@127.0.0.1:${this.server.port}/${this.name}`;
  }

  /** Runs one statement. */
  sql(statement: string) {
    this.server.sql(this.name, statement);
  }

  /** The first column of a query. */
  read(query: string): string[] {
    return this.server.read(this.name, query);
  }

  stop(): Promise<void> {
    return release();
  }
}

/** One database fewer is in use; after the last the server ends. */
async function release() {
  users--;
  if (users > 0) return;
  const server = shared;
  shared = undefined;
  await (await server?.catch(() => undefined))?.stop();
}

/** A PostgreSQL server in a temporary folder, on a loopback port, gone afterwards. */
class Server {
  private process?: ChildProcess;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'cs-e2e-pg-'));
    const server = new Server(folder, await freePort());
    if (isRoot) chownSync(folder, Number(id('-u')), Number(id('-g')));
    const data = join(folder, 'data');
    execFileSync(...as(bin('initdb'), '-D', data, '-U', 'prueba', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'),
      { stdio: 'pipe', cwd: folder });
    const [program, args] = as(bin('postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(server.port), '-k', folder,
      '-c', 'fsync=off', '-c', 'max_connections=100');
    server.process = spawn(program, args, { stdio: 'ignore', cwd: folder });
    await until('PostgreSQL', () => server.answers(), 30_000);
    return server;
  }

  /** Runs one statement. */
  sql(database: string, statement: string) {
    execFileSync(bin('psql'), ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'prueba', '-v', 'ON_ERROR_STOP=1', '-q',
      '-c', statement, database], { stdio: 'pipe' });
  }

  /** The first column of a query. */
  read(database: string, query: string): string[] {
    const out = execFileSync(bin('psql'), ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'prueba', '-v', 'ON_ERROR_STOP=1', '-qAt',
      '-c', query, database], { encoding: 'utf8' });
    return out.split('\n').filter((line) => line !== '');
  }

  async stop() {
    try {
      execFileSync(...as(bin('pg_ctl'), '-D', join(this.folder, 'data'), '-m', 'immediate', '-w', 'stop'),
        { stdio: 'pipe', cwd: this.folder });
    } finally {
      this.process?.kill();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private answers(): boolean {
    try {
      this.sql('postgres', 'SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}

const isRoot = process.getuid?.() === 0;

const id = (flag: string) => execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim();

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function as(program: string, ...args: string[]): [string, string[]] {
  return isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args];
}

/** A program of the server: in CS_PG_BIN, in the search path, or where Debian has it, the newest version. */
function bin(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    process.env.CS_PG_BIN ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.filter(Boolean).map((folder) => join(folder, name)).find(existsSync);
  if (!found) throw new Error(`no ${name}: install PostgreSQL’s server, or name its folder in CS_PG_BIN`);
  return found;
}
