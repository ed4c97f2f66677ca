import { Client, type Answer } from './http.ts';

/** Attributes that people read or hear, or that islands show. */
const ATTRIBUTES = /\s(?:aria-label|alt|title|placeholder|label|content|data-bien|data-mal|data-falta|data-faltan|data-facil|data-espacio|data-otra)="([^"]*)"/g;

/** What is data and no sentence: mail and web addresses, RUTs, hashes, numbers of requests, provisional keys, subjects. */
const DATA = [
  /[\w.•-]+@[\w.•-]+/g, /https?:\/\/\S+/g, /\d[\d.]*-[\dkK]\b/g, /\b[0-9a-f]{8}…[0-9a-f]{8}\b|\b[0-9a-f]{16,64}\b|(?<!F-)\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b/g,
  /\bF-[A-Z0-9]{4}-[A-Z0-9]{4}\b/g, /\b[A-Z]\d{5}[A-Z]\d\b/g, /\bana\.rojas-\d+\b/g, /^[\w-]{43}$/, /width=device-width, initial-scale=1|telephone=no|#0f69b4/g,
];

/** Names of regions, comunas, countries and areas come from `domain` and are the same in every language. An option without a value is the name of a place. */
const PLACES = /<optgroup[^>]*>|<option(?: value="(?:\d+|[A-Z]{2})")?(?: selected[^>]*)?>[^<]*<\/option>/g;

const decoded = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&#x27;', "'").replaceAll('&amp;', '&');

/** The texts with a letter of ASCII in them, which the pseudo-language has none of; `known` is what the test has typed. */
export function rawTexts(texts: string[], known: string[]): string[] {
  const raw = [];
  for (const text of texts) {
    let rest = decoded(text);
    for (const value of known) rest = rest.replaceAll(value, '');
    for (const data of DATA) rest = rest.replace(data, '');
    if (/[A-Za-z]/.test(rest)) raw.push(text.trim());
  }
  return raw;
}

/** What people read of a page: its texts, and those of its attributes. */
export function textsOf(html: string): string[] {
  const page = html.replace(/<(style|script)\b.*?<\/\1>/gs, '').replace(/<!--.*?-->|<!>/gs, '').replace(PLACES, '');
  const attributes = [...page.matchAll(ATTRIBUTES)].map(([, value]) => value!);
  return [...page.split(/<[^>]*>/).filter((text) => text.trim()), ...attributes];
}

/** A client that looks at every page it gets, and notes what of it is not in the pseudo-language. */
export class Reader extends Client {
  /** Which pages it got: their addresses without what follows `?`. */
  readonly seen = new Set<string>();
  /** What was raw, with the page. */
  readonly raw: string[] = [];

  constructor(base: string, private readonly known: string[]) {
    super(base);
  }

  protected override shown(path: string, page: Answer): Answer {
    super.shown(path, page);
    if (String(page.headers['content-type']).startsWith('text/html')) {
      this.seen.add(path.split('?')[0]!);
      if (!page.text.includes('lang="qps"')) this.raw.push(`${path}: another language`);
      for (const text of rawTexts(textsOf(page.text), this.known)) this.raw.push(`${path}: ${text}`);
    }
    return page;
  }
}
