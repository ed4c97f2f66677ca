import { renameSync, writeFileSync } from 'node:fs';
import type { Person } from './people.ts';

/** Registry of foreign documents as the file that the service reads: `nie,tipo,pais,numero,estado,nombre`. */
export class ForeignDocuments {
  private rows = ['nie,tipo,pais,numero,estado,nombre'];

  constructor(readonly path: string) {
    this.write();
  }

  /** Enters a migrant’s passport. */
  add(person: Person) {
    this.rows.push(`${person.id},pasaporte,VE,${person.document},vigente,${person.names}`);
    this.write();
  }

  // Under another name first: the service never sees half a file.
  private write() {
    writeFileSync(`${this.path}.nuevo`, `${this.rows.join('\n')}\n`);
    renameSync(`${this.path}.nuevo`, this.path);
  }
}
