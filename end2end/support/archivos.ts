import { crc32, deflateSync } from 'node:zlib';

/** A file as somebody chooses it: made up here, of nobody. */
export interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Most bytes that are taken: 5 MB. */
export const MOST = 5 * 1024 * 1024;

const TYPES: Record<string, string> = { pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg' };

/** A file under this name. What kind it is said to be follows from the name, as in every browser. */
export function file(name: string, buffer: Buffer): File {
  return { name, mimeType: TYPES[name.split('.').pop()!] ?? 'application/octet-stream', buffer };
}

/** A PDF of one page with a line of text; `more` goes into its catalogue, `size` fills it up to so many bytes. */
export function pdf({ more = '', size = 0, text = 'Muestra: firmada por nadie' } = {}): Buffer {
  const drawn = `BT /F1 24 Tf 72 720 Td (${text}) Tj ET`;
  const make = (filling: number) => {
    const objects = [
      `<</Type/Catalog/Pages 2 0 R${more}>>`,
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
      `<</Length ${drawn.length}>>\nstream\n${drawn}\nendstream`,
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ];
    let [written, table] = ['%PDF-1.7\n', 'xref\n0 6\n0000000000 65535 f \n'];
    objects.forEach((object, index) => {
      table += `${String(written.length).padStart(10, '0')} 00000 n \n`;
      written += `${index + 1} 0 obj\n${object}\nendobj\n`;
    });
    written += ' '.repeat(filling);
    return `${written}${table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${written.length}\n%%EOF\n`;
  };
  // The place of the table is a number too, which grows with the filling.
  let filling = Math.max(0, size - make(0).length);
  while (size && make(filling).length > size) filling--;
  return Buffer.from(make(filling), 'latin1');
}

/** An image of 20 × 10 grey pixels. */
export function png(): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, 20, 0, 0, 0, 10, 8, 0, 0, 0, 0]);
  const row = Buffer.from([0, ...Array.from({ length: 20 }, (_, x) => x * 12)]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: 10 }, () => row)));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** A baseline JPEG of 8 × 8 grey pixels: one block, all of its numbers nought. */
export function jpeg(): Buffer {
  const segment = (code: number, data: number[]) => [0xff, code, 0, data.length + 2, ...data];
  /** A table with one code, of one bit, for this value. */
  const table = (id: number, value: number) => segment(0xc4, [id, 1, ...Array(15).fill(0), value]);
  return Buffer.from([
    0xff, 0xd8,
    ...segment(0xdb, [0, ...Array(64).fill(1)]),
    ...segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
    ...table(0x00, 0),
    ...table(0x10, 0),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0b0011_1111,
    0xff, 0xd9,
  ]);
}

/** A ZIP with one file in it, stored as it is. */
export function zip(): Buffer {
  const [name, data] = [Buffer.from('hola.txt'), Buffer.from('hola\n')];
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(data), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(data.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, data]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const HTML = Buffer.from('<!doctype html><title>No</title><script>alert(1)</script>');

const PAGE = /es una página web, no el documento/;
const BROKEN = /está incompleto o dañado/;

/** Files that are not taken, and the sentence for each. */
export const badFiles = (): [what: string, file: File, words: RegExp][] => [
  ['HTML named .pdf', file('declaracion.pdf', HTML), PAGE],
  ['HTML named ../../etc/passwd.pdf', file('../../etc/passwd.pdf', HTML), PAGE],
  ['ZIP named .png', file('foto.png', zip()), /es de Word, Excel u otro programa, o un ZIP/],
  ['PDF that is a ZIP too', file('declaracion.pdf', Buffer.concat([pdf(), zip()])), /tiene otros datos agregados al final/],
  ['PDF with a script', file('declaracion.pdf', pdf({ more: '/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>' })), /trae programas/],
  ['half a PDF', file('declaracion.pdf', pdf().subarray(0, 300)), BROKEN],
  ['half a PNG', file('foto.png', png().subarray(0, png().length / 2)), BROKEN],
  ['half a JPG', file('foto.jpg', jpeg().subarray(0, 100)), BROKEN],
  ['0 bytes', file('declaracion.pdf', Buffer.alloc(0)), /Ese archivo está vacío/],
  ['5 MB and a byte', file('declaracion.pdf', pdf({ size: MOST + 1 })), /pesa más de 5 MB/],
];
