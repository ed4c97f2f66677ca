//! Layout of the page, in reading order. The upper part flows from the top; the signature and the next step have a
//! fixed place at the foot, so that long names use the space between them.

use std::num::NonZeroU16;

use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::surface::Surface;
use krilla::tagging::{ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use wording::declaration as words;

use super::face::Faces;
use super::sheet::{BLACK, BLUE, COLUMN, GREY, HEIGHT, LINE, MARGIN, Sheet, Style};
use super::{Declaration, LANGUAGE};

const BODY: Style = Style { bold: false, size: 10.0, leading: 13.8, ink: BLACK, centred: false };
const SMALL: Style = Style { size: 8.5, leading: 12.0, ink: GREY, ..BODY };
const FOOT: Style = Style { size: 9.0, leading: 12.5, ..BODY };
const TITLE: Style = Style { bold: true, size: 23.0, leading: 30.0, ink: BLUE, centred: false };
const SUBTITLE: Style = Style { bold: false, size: 13.0, leading: 19.0, ..TITLE };
const HEADING: Style = Style { size: 12.5, leading: 18.0, ..TITLE };
const LABEL: Style = Style { bold: true, ..BODY };

/// Width of the labels of the company's data.
const LABELS: f32 = 148.0;
/// Largest height of a name; a longer one is set in smaller type.
const NAME_HEIGHT: f32 = 44.0;
/// Height of a box to write into, and the space between two.
const BOX: f32 = 36.0;
const GAP: f32 = 5.0;
/// Top of the last two parts.
const SIGNATURE_TOP: f32 = HEIGHT - 196.0;
const FOOT_TOP: f32 = HEIGHT - 56.0;

/// The result of drawing the page.
pub(super) struct Drawn {
    pub(super) tree: TagTree,
    pub(super) outline: Outline,
    /// Where the upper part ended, for tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "only a test asks"))]
    pub(super) end: f32,
}

/// Where the upper part must have ended.
#[cfg(test)]
pub(super) const UPPER_END: f32 = SIGNATURE_TOP;

/// Draws the whole form.
pub(super) fn draw(surface: &mut Surface<'_>, faces: &Faces, declaration: &Declaration<'_>) -> Drawn {
    let sheet = Sheet { surface, faces };
    let mut form =
        Form { sheet, y: 44.0, tree: TagTree::new().with_lang(Some(LANGUAGE.to_owned())), parts: Vec::new() };
    form.head(declaration);
    form.company(declaration);
    form.declared();
    form.facilitator();
    let end = form.y;
    form.signature(declaration);
    form.foot();

    let mut title =
        OutlineNode::new(words().title.to_owned(), XyzDestination::new(0, Point::from_xy(0.0, 0.0)));
    for (name, top) in form.parts {
        title.push_child(OutlineNode::new(name.to_owned(), XyzDestination::new(0, Point::from_xy(0.0, top))));
    }
    let mut outline = Outline::new();
    outline.push_child(title.with_open(true));
    Drawn { tree: form.tree, outline, end }
}

struct Form<'a, 'b> {
    sheet: Sheet<'a, 'b>,
    /// Top of the next element.
    y: f32,
    tree: TagTree,
    /// The headings, for the outline.
    parts: Vec<(&'static str, f32)>,
}

impl Form<'_, '_> {
    fn head(&mut self, declaration: &Declaration<'_>) {
        self.block(Tag::P, SMALL, words().institution);
        self.block(Tag::Hn(NonZeroU16::MIN, Some(words().title.to_owned())), TITLE, words().title);
        self.block(Tag::P, SUBTITLE, words().subtitle);
        self.y += 7.0;
        self.sheet.rule((MARGIN, self.y), COLUMN, 1.4, BLUE);
        self.y += 5.0;
        let date = declaration.date;
        let prepared = (words().prepared)(date.day(), date.month(), date.year());
        self.block(Tag::P, SMALL, &prepared);
        self.y += 8.0;
    }

    /// The company's data, as a table of labels and values.
    fn company(&mut self, declaration: &Declaration<'_>) {
        let words = &words().company;
        self.heading(words.heading);
        let printable = |name: &str| self.sheet.faces.regular.printable(name);
        let rows = [
            (words.name, Some(printable(declaration.company_name))),
            (words.rut, Some(declaration.company.to_string())),
            (words.kind_label, declaration.company_kind.map(|kind| (words.kind)(kind).to_owned())),
            (words.representative, Some(declaration.representative_names.map(printable).unwrap_or_default())),
            (words.representative_rut, Some(declaration.representative.to_string())),
        ];
        let mut table = TagGroup::new(Tag::Table);
        self.sheet.rule((MARGIN, self.y), COLUMN, 0.7, LINE);
        for (label, value) in rows {
            if let Some(value) = value {
                table.push(self.row(label, &value));
            }
        }
        self.tree.push(table);
        self.y += 11.0;
    }

    fn row(&mut self, label: &str, value: &str) -> TagGroup {
        let top = self.y + 3.0;
        let (header, label_end) = self.sheet.text(LABEL, (MARGIN, top), LABELS, label);
        let at = (MARGIN + LABELS, top);
        let (cell, value_end) = if value.is_empty() {
            // Room for handwriting, with a line.
            let written =
                self.sheet.text(SMALL, (at.0, top + 10.0), COLUMN - LABELS, words().company.by_hand);
            self.sheet.rule((at.0 + 76.0, top + 20.0), COLUMN - LABELS - 76.0, 0.7, LINE);
            written
        } else {
            let style = self.fitting(value, COLUMN - LABELS);
            self.sheet.text(style, at, COLUMN - LABELS, value)
        };
        self.y = label_end.max(value_end) + 3.0;
        self.sheet.rule((MARGIN, self.y), COLUMN, 0.4, LINE);
        let mut row = TagGroup::new(Tag::TR);
        row.push(TagGroup::with_children(Tag::TH(TableHeaderScope::Row), header));
        row.push(TagGroup::with_children(Tag::TD, cell));
        row
    }

    /// The largest type in which `name` is no higher than [`NAME_HEIGHT`].
    fn fitting(&self, name: &str, width: f32) -> Style {
        let of_size = |size: f32| Style { size, leading: size * BODY.leading / BODY.size, ..BODY };
        let fits = |style: &Style| {
            let lines = self.sheet.faces.regular.lines(name, style.size, width).len();
            lines <= 1 || lines as f32 * style.leading <= NAME_HEIGHT
        };
        [BODY.size, 9.0, 8.0, 7.0, 6.0].map(of_size).into_iter().find(fits).unwrap_or(of_size(5.0))
    }

    fn declared(&mut self) {
        let words = &words().declared;
        self.heading(words.heading);
        self.block(Tag::P, BODY, words.under_oath);
        self.y += 2.0;
        let mut list = TagGroup::new(Tag::L(ListNumbering::LowerAlpha));
        for (letter, sentence) in words.items {
            let (label, _) = self.sheet.text(BODY, (MARGIN + 6.0, self.y), 16.0, letter);
            let (body, end) = self.sheet.text(BODY, (MARGIN + 22.0, self.y), COLUMN - 22.0, sentence);
            self.y = end + 2.0;
            let mut item = TagGroup::new(Tag::LI);
            item.push(TagGroup::with_children(Tag::Lbl, label));
            item.push(TagGroup::with_children(Tag::LBody, body));
            list.push(item);
        }
        self.tree.push(list);
        self.y += 9.0;
    }

    fn facilitator(&mut self) {
        let words = &words().facilitator;
        self.heading(words.heading);
        self.block(Tag::P, BODY, words.how);
        self.y += 4.0;
        let half = (COLUMN - GAP) / 2.0;
        let right = MARGIN + half + GAP;
        let mut list = TagGroup::new(Tag::L(ListNumbering::None));
        list.push(self.blank((MARGIN, self.y), COLUMN, words.names));
        for (one, other) in
            [(words.document_kind, words.document_number), (words.document_country, words.email)]
        {
            self.y += BOX + GAP;
            list.push(self.blank((MARGIN, self.y), half, one));
            list.push(self.blank((right, self.y), half, other));
        }
        self.tree.push(list);
        self.y += BOX;
    }

    /// A box with its label, to write into, as an item of a list.
    fn blank(&mut self, (x, y): (f32, f32), width: f32, label: &str) -> TagGroup {
        self.sheet.frame((x, y), width, BOX);
        let (body, _) = self.sheet.text(SMALL, (x + 5.0, y + 1.5), width - 10.0, label);
        TagGroup::with_children(Tag::LI, vec![TagGroup::with_children(Tag::LBody, body).into()])
    }

    fn signature(&mut self, declaration: &Declaration<'_>) {
        self.y = SIGNATURE_TOP;
        let words = &words().signature;
        self.heading(words.heading);
        let (left, right) = (190.0, MARGIN + 230.0);
        let mut list = TagGroup::new(Tag::L(ListNumbering::None));
        list.push(self.blank((MARGIN, self.y), left, words.place));
        list.push(self.blank((MARGIN, self.y + BOX + GAP), left, words.day));
        self.tree.push(list);

        let width = MARGIN + COLUMN - right;
        self.y += 2.0 * BOX + GAP;
        self.sheet.rule((right, self.y), width, 0.9, BLACK);
        self.y += 2.0;
        let mut paragraph = TagGroup::new(Tag::P);
        let centred = Style { centred: true, ..LABEL };
        let (signed, end) = self.sheet.text(centred, (right, self.y), width, words.signed_by);
        paragraph.children.extend(signed);
        self.tree.push(paragraph);
        let rut = (words.rut)(declaration.representative);
        let (rut, _) = self.sheet.text(Style { bold: false, ..centred }, (right, end), width, &rut);
        self.tree.push(TagGroup::with_children(Tag::P, rut));
    }

    /// The next step. Tagged as content, not as a page footer: it is the last thing to read.
    fn foot(&mut self) {
        self.y = FOOT_TOP;
        self.sheet.rule((MARGIN, self.y), COLUMN, 0.7, BLUE);
        self.y += 4.0;
        self.block(Tag::P, FOOT, words().next_step);
        self.block(Tag::P, FOOT, &(words().help)());
    }

    fn heading(&mut self, text: &'static str) {
        self.parts.push((text, self.y));
        let level = NonZeroU16::MIN.saturating_add(1);
        self.block(Tag::Hn(level, Some(text.to_owned())), HEADING, text);
        self.y += 2.0;
    }

    fn block(&mut self, tag: impl Into<TagKind>, style: Style, text: &str) {
        let (content, end): (Vec<Node>, f32) = self.sheet.text(style, (MARGIN, self.y), COLUMN, text);
        self.tree.push(TagGroup::with_children(tag, content));
        self.y = end;
    }
}
