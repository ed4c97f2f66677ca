import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, until } from './net.ts';

/** A PostgreSQL server of the tests’ own: in a temporary folder, on a loopback port, gone afterwards. */
export class Postgres {
  private process?: ChildProcess;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), 'cs-e2e-pg-'));
    const server = new Postgres(folder, await freePort());
    if (isRoot) chownSync(folder, Number(id('-u')), Number(id('-g')));
    const data = join(folder, 'data');
    execFileSync(...as(bin('initdb'), '-D', data, '-U', 'prueba', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'),
      { stdio: 'pipe', cwd: folder });
    const [program, args] = as(bin('postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(server.port), '-k', folder,
      '-c', 'fsync=off', '-c', 'max_connections=60');
    server.process = spawn(program, args, { stdio: 'ignore', cwd: folder });
    await until('PostgreSQL', () => server.answers(), 30_000);
    server.sql('postgres', 'CREATE DATABASE clave');
    return server;
  }

  get url() {
    return `postgres://prueba@127.0.0.1:${this.port}/clave`;
  }

  /** Runs one statement. */
  sql(database: string, statement: string) {
    execFileSync(bin('psql'), ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'prueba', '-v', 'ON_ERROR_STOP=1', '-q',
      '-c', statement, database], { stdio: 'pipe' });
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
