import { renameSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import type { Person } from './people.ts';

/** Registro Civil as the file that the service reads: `run,serie,estado,nombre`. */
export class CivilRegistry {
  private rows = ['run,serie,estado,nombre'];

  constructor(readonly path: string) {
    this.write();
  }

  /** Enters a person’s document. */
  add(person: Person, state: 'vigente' | 'no_vigente' | 'bloqueado' = 'vigente') {
    this.rows.push(`${person.id},${person.document},${state},${person.names}`);
    this.write();
  }

  /** From now on the registry does not answer. */
  down() {
    rmSync(this.path, { force: true });
  }

  /** It answers again. */
  up() {
    if (!existsSync(this.path)) this.write();
  }

  // Under another name first: the service never sees half a file.
  private write() {
    writeFileSync(`${this.path}.nuevo`, `${this.rows.join('\n')}\n`);
    renameSync(`${this.path}.nuevo`, this.path);
  }
}
