//! A minimal PDF reader that returns the text of each element of the structure tree.

use std::collections::HashMap;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Text};

/// The content of a PDF.
pub(super) struct Read {
    pub(super) pages: usize,
    /// How many pieces of text belong to no mark.
    pub(super) stray: usize,
    /// The position of each piece of text.
    pub(super) places: Vec<(f64, f64)>,
    /// From the catalog: the language, and whether the window shows the title.
    pub(super) language: String,
    pub(super) shows_title: bool,
    /// The metadata stream.
    pub(super) metadata: String,
    /// Day, month and year of creation.
    pub(super) made: Option<(u8, u8, u16)>,
    /// Role and text of each element, in reading order; a parent precedes its children and has all their text.
    elements: Vec<(String, String)>,
}

impl Read {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let pdf = Pdf::new(bytes).unwrap();
        let (texts, stray, places) = texts(&pdf);
        let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap();
        let root: Dict<'_> = catalog.get("StructTreeRoot").unwrap();
        let mut elements = Vec::new();
        walk(&root, &texts, &mut elements);
        let language: Text<'_> = catalog.get("Lang").unwrap();
        let preferences: Dict<'_> = catalog.get("ViewerPreferences").unwrap();
        let metadata: Stream<'_> = catalog.get("Metadata").unwrap();
        Self {
            pages: pdf.pages().len(),
            stray,
            places,
            language: String::from_utf8_lossy(language.as_bytes()).into_owned(),
            shows_title: preferences.get("DisplayDocTitle").unwrap(),
            metadata: String::from_utf8_lossy(&metadata.decoded().unwrap()).into_owned(),
            made: pdf.metadata().creation_date.as_ref().map(|made| (made.day, made.month, made.year)),
            elements,
        }
    }

    /// The texts of all elements of this role.
    pub(super) fn of(&self, role: &str) -> Vec<&str> {
        self.elements.iter().filter(|(its, _)| its == role).map(|(_, text)| text.as_str()).collect()
    }
}

/// Adds `element` and everything below it to `elements`, and returns its text.
fn walk(element: &Dict<'_>, texts: &HashMap<i64, String>, elements: &mut Vec<(String, String)>) -> String {
    let mut text = String::new();
    let place = elements.len();
    let role: Option<Name<'_>> = element.get("S");
    elements.push((role.map(|role| role.as_str().to_owned()).unwrap_or_default(), String::new()));
    let kids: Vec<Object<'_>> = match element.get::<Array<'_>>("K") {
        Some(kids) => kids.iter::<Object<'_>>().collect(),
        None => element.get::<Object<'_>>("K").into_iter().collect(),
    };
    for kid in kids {
        match kid {
            Object::Number(mark) => text += texts.get(&mark.as_i64()).map_or("", String::as_str),
            Object::Dict(kid) if kid.contains_key("MCID") => {
                let mark: i32 = kid.get("MCID").unwrap();
                text += texts.get(&i64::from(mark)).map_or("", String::as_str);
            }
            Object::Dict(kid) => text += &walk(&kid, texts, elements),
            other => panic!("{other:?} in the structure tree"),
        }
    }
    elements[place].1.clone_from(&text);
    text
}

/// The text of each mark on the page, decoded with the `ToUnicode` table of the font; how many texts have no mark; and
/// the position of each.
fn texts(pdf: &Pdf) -> (HashMap<i64, String>, usize, Vec<(f64, f64)>) {
    let (mut texts, mut stray, mut places) = (HashMap::<i64, String>::new(), 0, Vec::new());
    let page = &pdf.pages()[0];
    let mut meanings = HashMap::new();
    // For each open mark, its number and its `ActualText`, which replaces the text of its glyphs.
    let mut marks: Vec<(Option<i64>, Option<String>)> = Vec::new();
    let mut operations = page.operations();
    while let Some(operation) = operations.next() {
        let operands: Vec<&Object<'_>> = operation.operands().collect();
        let name: &[u8] = operation.operator;
        match (name, operands.as_slice()) {
            (b"Tf", [Object::Name(font), _]) => {
                let font = page.resources().get_font(font).unwrap();
                let table: Stream<'_> = font.get("ToUnicode").unwrap();
                meanings = meanings_of(&table.decoded().unwrap());
            }
            (b"Tm", [.., Object::Number(x), Object::Number(y)]) => places.push((x.as_f64(), y.as_f64())),
            (b"BDC", [_, Object::Dict(properties)]) => {
                let instead = properties.get::<Text<'_>>("ActualText");
                let instead = instead.map(|text| spelled(text.as_bytes()));
                if let (Some(text), Some(mark)) = (&instead, marks.iter().rev().find_map(|(mark, _)| *mark)) {
                    *texts.entry(mark).or_default() += text;
                }
                marks.push((properties.get::<i32>("MCID").map(i64::from), instead));
            }
            (b"BDC" | b"BMC", _) => marks.push((None, None)),
            (b"EMC", _) => drop(marks.pop()),
            (b"Tj", [Object::String(shown)]) => {
                show(shown.as_bytes(), &meanings, &marks, &mut texts, &mut stray);
            }
            (b"TJ", [Object::Array(pieces)]) => {
                for piece in pieces.iter::<Object<'_>>() {
                    if let Object::String(shown) = piece {
                        show(shown.as_bytes(), &meanings, &marks, &mut texts, &mut stray);
                    }
                }
            }
            _ => {}
        }
    }
    (texts, stray, places)
}

fn show(
    shown: &[u8],
    meanings: &HashMap<u16, String>,
    marks: &[(Option<i64>, Option<String>)],
    texts: &mut HashMap<i64, String>,
    stray: &mut usize,
) {
    let Some(mark) = marks.iter().rev().find_map(|(mark, _)| *mark) else {
        *stray += 1;
        return;
    };
    if marks.iter().any(|(_, instead)| instead.is_some()) {
        return;
    }
    for glyph in shown.as_chunks::<2>().0 {
        *texts.entry(mark).or_default() += &meanings[&u16::from_be_bytes(*glyph)];
    }
}

/// The text of each glyph: `<0003> <0041>` in `beginbfchar`, `<0003> <0005> <0041>` in `beginbfrange`.
fn meanings_of(table: &[u8]) -> HashMap<u16, String> {
    let mut meanings = HashMap::new();
    let (mut single, mut range) = (false, false);
    for line in String::from_utf8_lossy(table).lines() {
        single = (single || line.ends_with("beginbfchar")) && !line.ends_with("endbfchar");
        range = (range || line.ends_with("beginbfrange")) && !line.ends_with("endbfrange");
        let words: Vec<Vec<u8>> = line.split(['<', '>']).skip(1).step_by(2).map(hex).collect();
        let code = |bytes: &[u8]| u16::from_be_bytes(bytes.try_into().unwrap());
        match words.as_slice() {
            [glyph, text] if single => drop(meanings.insert(code(glyph), utf16(text))),
            [first, last, text] if range => {
                for (glyph, unit) in (code(first)..=code(last)).zip(code(text)..) {
                    meanings.insert(glyph, utf16(&unit.to_be_bytes()));
                }
            }
            _ => {}
        }
    }
    meanings
}

fn hex(digits: &str) -> Vec<u8> {
    let digit = |c: u8| u8::try_from(char::from(c).to_digit(16).unwrap()).unwrap();
    digits.as_bytes().as_chunks::<2>().0.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect()
}

/// Decodes a text string of PDF: UTF-16 with a byte order mark, or plain ASCII, which krilla writes where it suffices.
fn spelled(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xfe\xff") {
        Some(units) => utf16(units),
        None => {
            assert!(bytes.is_ascii(), "{bytes:?} is neither");
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
    String::from_utf16(&units).unwrap()
}
