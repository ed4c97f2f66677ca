/** A mail as it came over SMTP. */
export interface Mail {
  to: string;
  subject: string;
  /** The plain text. */
  text: string;
  /** The HTML. */
  html: string;
  headers: Map<string, string>;
  /** Every byte of it. */
  raw: string;
}

/** Reads a mail: a multipart of text and HTML, as the service sends it. */
export function readMail(to: string, raw: string): Mail {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = boundary
    ? body.split(`--${boundary}`).slice(1, -1).map((part) => split(part.replace(/^\r\n/, '')))
    : [{ headers, body }];
  const part = (type: string) => {
    const found = parts.find((one) => (one.headers.get('content-type') ?? 'text/plain').startsWith(type));
    return found ? decode(found.body, found.headers.get('content-transfer-encoding')) : '';
  };
  return { to, subject: words(headers.get('subject') ?? ''), text: part('text/plain'), html: part('text/html'), headers, raw };
}

function split(message: string) {
  const end = message.indexOf('\r\n\r\n');
  const headers = new Map<string, string>();
  for (const line of message.slice(0, end).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: message.slice(end + 4) };
}

function decode(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return text(Buffer.from(body, 'base64'));
  if (encoding === 'quoted-printable') return quoted(body.replace(/=\r\n/g, ''));
  return text(Buffer.from(body, 'latin1'));
}

const text = (bytes: Buffer) => bytes.toString('utf8').replaceAll('\r\n', '\n');

const quoted = (body: string) =>
  text(Buffer.from(body.replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1'));

/** Encoded words of a header (RFC 2047). */
function words(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b' ? text(Buffer.from(word, 'base64')) : quoted(word.replaceAll('_', ' ')));
}
