import { renameSync, writeFileSync } from 'node:fs';

/** A course of the list. */
export interface Course {
  codigo_curso: string;
  /** Blank on line 1. */
  cod_sence: string;
  linea: '1' | '3' | '6';
  rut_otec: string;
  desde: string;
  hasta: string;
  estado: string;
  modalidad: string;
  run_alumnos: string[];
}

const COLUMNS = ['codigo_curso', 'cod_sence', 'linea', 'rut_otec', 'desde', 'hasta', 'estado', 'modalidad', 'run_alumnos'] as const;

/** The courses that attendance is taken of, as the file that the service reads. */
export class Courses {
  private rows = [COLUMNS.join(',')];

  constructor(readonly path: string) {
    this.write();
  }

  /** Enters a course that can be attended today. */
  add(course: Course) {
    this.rows.push(COLUMNS.map((column) => [course[column]].flat().join(';')).join(','));
    this.write();
  }

  // Under another name first: the service never sees half a file.
  private write() {
    writeFileSync(`${this.path}.nuevo`, `${this.rows.join('\n')}\n`);
    renameSync(`${this.path}.nuevo`, this.path);
  }
}
