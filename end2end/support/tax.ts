import { rmSync, renameSync, writeFileSync } from 'node:fs';
import type { Company } from './companies.ts';

/** SII as the file that the service reads: `rut_empresa,razon_social,rut_representante`. */
export class TaxRegistry {
  private rows: [company: string, line: string][] = [];

  constructor(readonly path: string) {
    this.write();
  }

  /** From now on this person represents the company, and nobody else. */
  names(company: Company, rut = company.representative.id) {
    this.rows = this.rows.filter(([id]) => id !== company.id);
    this.rows.push([company.id, `${company.id},${company.names},${rut}`]);
    this.write();
  }

  /** From now on SII does not answer. */
  down() {
    rmSync(this.path, { force: true });
  }

  /** It answers again. */
  up() {
    this.write();
  }

  // Under another name first: the service never sees half a file.
  private write() {
    const lines = ['rut_empresa,razon_social,rut_representante', ...this.rows.map(([, line]) => line)];
    writeFileSync(`${this.path}.nuevo`, `${lines.join('\n')}\n`);
    renameSync(`${this.path}.nuevo`, this.path);
  }
}
